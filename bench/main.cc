#include <benchmark/benchmark.h>

#include "guest.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("guest", plasm::bench::GuestPath().filename().string());
  plasm::bench::Artefact();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
