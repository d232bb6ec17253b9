// Needs a function that no WASI host has.
__attribute__((import_module("acme"), import_name("frobnicate"))) int Frobnicate(int);

int main(int argc, char** argv) {
  (void)argv;
  return Frobnicate(argc);
}
