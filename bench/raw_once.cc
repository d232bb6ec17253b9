// The floor of a whole process: the engine's C API, an artefact, one job.
//   raw_once compile FILE   writes the guest's artefact
//   raw_once run FILE       runs it once
#include <string_view>

#include "base/file.h"
#include "guest.h"
#include "raw_loop.h"

int main(int argc, char** argv) {
  using namespace plasm;
  if (argc != 3) bench::Fail("usage: raw_once compile|run FILE");
  if (argv[1] == std::string_view("compile")) {
    const auto written = WriteFileAtomically(argv[2], bench::Artefact());
    if (!written) bench::Fail(written.error().message);
    return 0;
  }
  const auto artefact = ReadFile(argv[2], std::size_t{1} << 28);
  if (!artefact) bench::Fail(artefact.error().message);
  bench::RawLoop(*artefact).RunOnce();
  return 0;
}
