"""A course graded as it is handed in, as a service of a JupyterHub: these lines go into jupyterhub_config.py.

The service runs as the teacher, who owns the course's folder and released its assignments, so students get
their feedback by nbgrader's own button. benchmarks/jupyterhub.py tries this with two users.
"""

c = get_config()  # noqa: F821
c.JupyterHub.services = [
    {
        "name": "autograder",
        "user": "teacher",
        "command": [
            "autograder",
            "grade",
            "/srv/course",
            "--watch",
            "--exchange",
            "/srv/nbgrader/exchange/COURSE_ID",
        ],
    }
]
