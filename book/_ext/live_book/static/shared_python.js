// Which of Python's files lie in another edition's folder: all but those that the list calls its own, where the
// list names such a folder (tools/assemble_pyodide.py).
export const isShared = ({ shared, own }, name) => Boolean(shared) && !own.includes(name);
