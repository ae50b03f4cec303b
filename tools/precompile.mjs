// node precompile.mjs PYODIDE FOLDER: every .py under FOLDER gets a .pyc beside it, made by Pyodide's own
// Python.
import { pathToFileURL } from "node:url";
const [, , home, folder] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${home}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ indexURL: home });
pyodide.FS.mkdirTree("/work");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, "/work");
pyodide.runPython(`
import pathlib, py_compile
for path in pathlib.Path("/work").rglob("*.py"):
    group, name = path.relative_to("/work").parts[0], "/".join(path.relative_to("/work").parts[1:])
    try:
        py_compile.compile(str(path), str(path) + "c", dfile=("/lib/python312.zip/" if group == "stdlib" else "/lib/python3.12/site-packages/") + name, doraise=True,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, SyntaxError, ValueError):
        pass  # not meant for this Python: it stays a source file
`);
