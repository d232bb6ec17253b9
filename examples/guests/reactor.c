// A reactor: a library with _initialize and an export of its own, and no
// _start. It can't be run as a command.
__attribute__((export_name("add"))) int Add(int a, int b) { return a + b; }
