// sketch; owned by the wasi work
