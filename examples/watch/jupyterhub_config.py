"""A course graded as it is handed in, as a service of a JupyterHub: these lines go into jupyterhub_config.py.

The service runs as the user of the hub; the course's folder is that user's.
"""

c = get_config()  # noqa: F821
c.JupyterHub.services = [
    {
        "name": "autograder",
        "command": ["autograder", "grade", "/srv/course", "--watch"],
    }
]
