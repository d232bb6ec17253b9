// Runs a program on somebody else's machine and believes the result only under its receipt:
//
//   run_job key                                   the line that lets this client in there
//   run_job add URL FINGERPRINT                   gets to know the node
//   run_job run MODULE [ARG…]                     runs, verifies, and runs it here again
//
// $PLASM_DATA is the data folder; without it, that of the command line's plasm.
#include <plasm/plasm.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace {

plasm::Client Open() {
  const char* folder = std::getenv("PLASM_DATA");
  return plasm::Client({.data_folder = folder == nullptr ? "" : folder, .worker_program = {}});
}

int Run(const std::vector<std::string>& words) {
  const plasm::Client client = Open();
  const plasm::Node node = client.Connect();

  plasm::JobSpec job;
  job.module_file = words.front();
  job.args.assign(words.begin() + 1, words.end());
  job.limits.wall_time = std::chrono::seconds(30);

  // Told while the job runs; nothing of it has been verified then.
  plasm::JobEvents events;
  events.on_state = [](plasm::JobState state) { std::cerr << plasm::JobStateName(state) << '\n'; };

  // Or node.Run(job, {}, events), which blocks.
  plasm::Task<plasm::Outcome> task = node.RunAsync(job, {}, events);
  const plasm::Outcome outcome = task.Get();  // throws unless the receipt verifies

  const auto& out = outcome.standard_output;
  std::cout.write(reinterpret_cast<const char*>(out.data()),
                  static_cast<std::streamsize>(out.size()));
  std::cout << '\n' << std::flush;
  std::cerr << "receipt  " << plasm::VerdictName(outcome.verification.verdict) << ", signed by "
            << outcome.verification.result->node_identity << '\n';

  const plasm::Verification replay = client.Replay(outcome.receipt);
  std::cerr << "replay   " << plasm::VerdictName(replay.verdict) << ' ' << replay.reason << '\n';
  return replay.IsValid() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int Main(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "key") {
    std::cout << Open().PublicKey() << '\n';
    return EXIT_SUCCESS;
  }
  if (words.size() == 3 && words[0] == "add") {
    std::cout << Open().AddNode(words[1], words[2]).name << '\n';
    return EXIT_SUCCESS;
  }
  if (words.size() >= 2 && words[0] == "run") return Run({words.begin() + 1, words.end()});
  std::cerr << "usage: run_job key | add URL FINGERPRINT | run MODULE [ARG…]\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main({argv + 1, argv + argc});
  } catch (const plasm::Error& error) {
    std::cerr << plasm::ErrorCodeName(error.code()) << ": " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
