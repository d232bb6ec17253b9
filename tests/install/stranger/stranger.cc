// What a stranger's program may rely on, one case a run:
//
//   stranger CASE DATA_FOLDER [WORD…]
//
// Ends with 0 when all was as expected, and says on standard error what was not.
#include <plasm/plasm.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "expect.h"

namespace {

void Key(const plasm::Client& client, const Words&) {
  std::printf("%s\n", client.PublicKey().c_str());
  EXPECT(client.Fingerprint().starts_with("SHA256:"));
}

// URL, fingerprint
void Add(const plasm::Client& client, const Words& words) {
  EXPECT(client.FingerprintOf(words.at(0)) == words.at(1));
  EXPECT(client.Nodes().empty());
  const plasm::KnownNode node = client.AddNode(words.at(0), words.at(1), "host");
  EXPECT(node.name == "host" && node.fingerprint == words.at(1));
  EXPECT(client.Nodes().size() == 1);
}

// URL, a fingerprint that is not the node's
void WrongPin(const plasm::Client& client, const Words& words) {
  EXPECT(CodeOf([&] { client.AddNode(words.at(0), words.at(1)); }) == plasm::ErrorCode::kDenied);
  EXPECT(client.Nodes().empty());
  EXPECT(CodeOf([&] { client.Connect(); }) == plasm::ErrorCode::kNotFound);
}

// Another node answers where the pinned one was.
void WrongNode(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect("host");
  EXPECT(CodeOf([&] { node.Status(); }) == plasm::ErrorCode::kDenied);
  EXPECT(CodeOf([&] { node.Run(Job(words.at(0))); }) == plasm::ErrorCode::kDenied);
}

// hello.wasm
void Blocking(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  EXPECT(node.name() == "host");
  EXPECT(!node.Status().profiles.empty() && node.Status().cores > 0);

  bool told = false;
  plasm::JobEvents events;
  events.on_submitted = [&](const plasm::JobInfo& info) { told = info.id.starts_with("job-"); };
  const plasm::JobInfo job = node.Submit(Job(words.at(0), {"Hello, World!"}), events);
  EXPECT(told);

  std::string watched;
  std::vector<plasm::JobState> states;
  events = {};
  events.on_state = [&](plasm::JobState state) { states.push_back(state); };
  events.on_output = [&](plasm::Stream stream, std::span<const std::byte> bytes) {
    EXPECT(stream == plasm::Stream::kStandardOutput);
    watched.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  EXPECT(node.Watch(job.id, events).state == plasm::JobState::kExited);
  EXPECT(node.Wait(job.id).exit_code == 0u);
  EXPECT(node.Show(job.id).id == job.id);
  const auto jobs = node.List({.states = {plasm::JobState::kExited}, .limit = 1000});
  EXPECT(std::ranges::count(jobs, job.id, &plasm::JobInfo::id) == 1);

  const plasm::Outcome outcome = node.Fetch(job.id);
  EXPECT(Text(outcome.standard_output) == "!dlroW ,olleH");
  EXPECT(outcome.standard_error.empty());
  EXPECT(outcome.verification.IsValid() && outcome.verification.log);
  EXPECT(outcome.verification.node == "host");
  EXPECT(outcome.verification.result->job_id == job.id);
  EXPECT(outcome.verification.result->standard_output.bytes == 13);
  EXPECT(outcome.verification.result->manifest_sha256 == job.manifest_sha256);

  const plasm::Receipt receipt = plasm::Receipt::Load(outcome.receipt_file);
  EXPECT(receipt.envelope == outcome.receipt.envelope && receipt.log_proof && receipt.manifest);
  EXPECT(client.Verify(receipt).IsValid());
  const auto out = client.data_folder() / "out";
  std::ofstream(out) << "!dlroW ,olleH";
  plasm::VerifyOptions options;
  options.outputs = {{out, "stdout"}};
  EXPECT(client.Verify(receipt, options).matched_outputs.size() == 1);
  std::ofstream(out) << "Hello, World!";
  EXPECT(client.Verify(receipt, options).verdict == plasm::Verdict::kWrongOutput);

  EXPECT(client.Replay(receipt).IsValid());
  plasm::ReplayOptions replay;
  replay.engine = plasm::ReplayEngine::kInterpreter;
  EXPECT(client.Replay(receipt, replay).IsValid());
}

// hello.wasm
void Asynchronous(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  std::string id;
  std::string watched;
  plasm::JobEvents events;
  events.on_submitted = [&](const plasm::JobInfo& info) { id = info.id; };
  events.on_output = [&](plasm::Stream, std::span<const std::byte> bytes) {
    watched.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  auto running = node.RunAsync(Job(words.at(0), {"abc"}), {}, events);
  auto other = node.SubmitAsync(Job(words.at(0), {"def"}));
  const plasm::JobInfo submitted = other.Get();
  auto waiting = node.WaitAsync(submitted.id);
  auto watching = node.WatchAsync(submitted.id, {});

  const plasm::Outcome outcome = running.Get();
  EXPECT(Text(outcome.standard_output) == "cba" && watched == "cba");
  EXPECT(outcome.job.id == id);
  EXPECT(waiting.Get().state == plasm::JobState::kExited);
  EXPECT(watching.Get().state == plasm::JobState::kExited);
  EXPECT(Text(node.FetchAsync(submitted.id).Get().standard_output) == "fed");
  EXPECT(client.ReplayAsync(outcome.receipt).Get().IsValid());
  EXPECT(CodeOf([&] { node.FetchAsync("job-1").Get(); }) == plasm::ErrorCode::kInvalid);
}

// spin.wasm, which writes a line and then goes on for ever
void Stopped(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  std::promise<std::string> submitted;
  std::promise<void> written;
  plasm::JobEvents events;
  events.on_submitted = [&](const plasm::JobInfo& info) { submitted.set_value(info.id); };
  events.on_output = [&, once = false](plasm::Stream, std::span<const std::byte>) mutable {
    if (!once) written.set_value();
    once = true;
  };
  auto task = node.RunAsync(Job(words.at(0)), {}, events);
  const std::string id = submitted.get_future().get();
  written.get_future().get();
  EXPECT(!task.IsReady());
  EXPECT(CodeOf([&] { node.Fetch(id); }) == plasm::ErrorCode::kConflict);
  task.Stop();
  EXPECT(CodeOf([&] { task.Get(); }) == plasm::ErrorCode::kStopped);
  EXPECT(node.Show(id).state == plasm::JobState::kRunning);  // it was only let go of

  {
    auto let_go = node.WaitAsync(id);
  }  // its end stops it
  node.Cancel(id);
  EXPECT(node.Wait(id).state == plasm::JobState::kCancelled);
  const plasm::Outcome outcome = node.Fetch(id);
  EXPECT(outcome.verification.IsValid());
  EXPECT(outcome.verification.result->state == plasm::JobState::kCancelled);
  EXPECT(client.Replay(outcome.receipt).verdict == plasm::Verdict::kReplayImpossible ||
         client.Replay(outcome.receipt).verdict == plasm::Verdict::kReplayInconclusive);
}

// hello.wasm
void Throwing(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  struct Mine {};
  plasm::JobEvents events;
  events.on_output = [](plasm::Stream, std::span<const std::byte>) { throw Mine(); };
  bool mine = false;
  try {
    node.Run(Job(words.at(0), {"abc"}), {}, events);
  } catch (const Mine&) {
    mine = true;
  }
  EXPECT(mine);
  mine = false;
  auto task = node.RunAsync(Job(words.at(0), {"abc"}), {}, events);
  try {
    task.Get();
  } catch (const Mine&) {
    mine = true;
  }
  EXPECT(mine);
  EXPECT(Text(node.Run(Job(words.at(0), {"abc"})).standard_output) == "cba");
}

// files.wasm, a folder for the program, a folder for what comes back
void Files(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  const std::filesystem::path back = words.at(2);
  plasm::JobSpec job = Job(words.at(0));
  job.inputs = {{words.at(1), "/work"}};
  job.outputs = {"/work/notes", "/none"};
  plasm::FetchOptions options;
  options.outputs = {{"/work/notes", back / "notes"}, {"/none", back / "none"}};
  std::uint64_t sent = 0;
  plasm::JobEvents events;
  events.on_upload = [&](std::uint64_t done, std::uint64_t) { sent = done; };
  const plasm::Outcome outcome = node.Run(job, options, events);
  EXPECT(sent > 0);
  EXPECT(outcome.missing_outputs == Words{"/none"});
  EXPECT(FileText(back / "notes" / "final.txt") == "first line\nsecond line\n");
  EXPECT(!std::filesystem::exists(back / "none"));
  const auto& files = outcome.verification.result->files;
  EXPECT(std::ranges::count(files, "/work/notes/final.txt", &plasm::SignedFile::path) == 1);
}

// hello.wasm
void StandardInput(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  plasm::JobSpec job = Job(words.at(0));
  job.standard_input = Bytes("from memory");
  EXPECT(Text(node.Run(job).standard_output) == "yromem morf");
  std::ifstream module(words.at(0), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(module), {}};
  job.module_file.clear();
  job.module_bytes = Bytes(bytes);
  EXPECT(Text(node.Run(job).standard_output) == "yromem morf");
}

// hello.wasm
void ManyThreads(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  std::vector<std::string> answers(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        for (int round = 0; round < 3; ++round) {
          const auto outcome = node.Run(Job(words.at(0), {"<" + std::to_string(i)}));
          answers[i] = Text(outcome.standard_output);
        }
      } catch (const std::exception& error) {
        answers[i] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT(answers[i] == std::to_string(i) + "<");
  }
}

// hello.wasm
void Idempotent(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  plasm::JobSpec job = Job(words.at(0), {"abc"});
  job.idempotency_key = "once";
  const std::string id = node.Submit(job).id;
  EXPECT(node.Submit(job).id == id);
  EXPECT(node.Run(job).job.id == id);
  job.args = {"abd"};
  EXPECT(CodeOf([&] { node.Submit(job); }) == plasm::ErrorCode::kConflict);
  job.idempotency_key = "with blanks";
  EXPECT(CodeOf([&] { node.Submit(job); }) == plasm::ErrorCode::kInvalid);
}

// trap.wasm, a file that is no module
void Endings(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  const plasm::Outcome trapped = node.Run(Job(words.at(0), {"unreachable"}));
  EXPECT(trapped.verification.IsValid());
  EXPECT(trapped.verification.result->state == plasm::JobState::kTrapped);
  EXPECT(trapped.verification.result->trap == "unreachable");
  const plasm::Outcome rejected = node.Run(Job(words.at(1)));
  EXPECT(rejected.verification.result->state == plasm::JobState::kRejected);
  EXPECT(CodeOf([&] { node.Run(Job("/nowhere.wasm")); }) == plasm::ErrorCode::kNotFound);
  EXPECT(CodeOf([&] { node.Run({}); }) == plasm::ErrorCode::kInvalid);
  EXPECT(CodeOf([&] { node.Show("job-1b4e28ba-2fa1-41d2-883f-0016d3cca427"); }) ==
         plasm::ErrorCode::kNotFound);
}

// The receipt of a job, as a file
void Tampered(const plasm::Client& client, const Words& words) {
  const plasm::Receipt good = plasm::Receipt::Load(words.at(0));
  EXPECT(client.Verify(good).IsValid());
  // Every byte counts: none can be another, whatever it is a part of.
  for (std::size_t i = 0; i < good.envelope.size(); i += 7) {
    plasm::Receipt bad = good;
    bad.envelope[i] ^= std::byte{1};
    const plasm::Verification found = client.Verify(bad);
    EXPECT(!found.IsValid());
    EXPECT(!found.reason.empty());
  }
  plasm::Receipt other = good;
  std::string manifest = Text(*good.manifest);
  manifest.replace(manifest.find("\"abc\""), 5, "\"abd\"");
  other.manifest = Bytes(manifest);
  EXPECT(client.Verify(other).verdict == plasm::Verdict::kWrongJob);
  EXPECT(client.Replay(other).verdict == plasm::Verdict::kWrongJob);
  plasm::Receipt unlogged = good;
  unlogged.log_proof.reset();
  EXPECT(client.Verify(unlogged).verdict == plasm::Verdict::kNotLogged);
  plasm::VerifyOptions options;
  options.nonce = std::string(32, '0');
  EXPECT(client.Verify(good, options).verdict == plasm::Verdict::kWrongJob);
  EXPECT(client.Verify({}).verdict == plasm::Verdict::kMalformed);
}

// A job whose request, as it is kept here, was changed behind the library's back
void NotWhatWasAsked(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  try {
    node.Fetch(words.at(0));
    EXPECT(false);
  } catch (const plasm::NotVerified& failure) {
    EXPECT(failure.code() == plasm::ErrorCode::kDenied);
    EXPECT(failure.verification().verdict == plasm::Verdict::kWrongJob);
  }
  plasm::FetchOptions options;
  options.if_not_verified = plasm::IfNotVerified::kGiveAnyway;
  const plasm::Outcome outcome = node.Fetch(words.at(0), options);
  EXPECT(!outcome.verification.IsValid());
  EXPECT(Text(outcome.standard_output) == "cba");
}

// hello.wasm, "abc"; prints the job's id
void Submit(const plasm::Client& client, const Words& words) {
  const plasm::Node node = client.Connect();
  const plasm::JobInfo job = node.Submit(Job(words.at(0), {words.at(1)}));
  node.Wait(job.id);
  node.Fetch(job.id);
  std::printf("%s\n", job.id.c_str());
}

// A receipt's file, a program that is none
void NoWorker(const plasm::Client& client, const Words& words) {
  const plasm::Client other({.data_folder = client.data_folder(), .worker_program = words.at(1)});
  const plasm::Receipt receipt = plasm::Receipt::Load(words.at(0));
  EXPECT(CodeOf([&] { other.Replay(receipt); }) == plasm::ErrorCode::kUnavailable);
  EXPECT(CodeOf([] { plasm::Receipt::Load("/nowhere.json"); }) == plasm::ErrorCode::kNotFound);
}

void Versions(const plasm::Client& client, const Words&) {
  EXPECT(std::string_view(plasm::Version()) == PLASM_VERSION_STRING);
  EXPECT(std::string_view(plasm::EngineVersion()).starts_with("wasmtime-"));
  EXPECT(!std::filesystem::exists(client.data_folder()));  // making a client writes nothing
}

const std::map<std::string, void (*)(const plasm::Client&, const Words&)> kCases = {
    {"add", Add},
    {"asynchronous", Asynchronous},
    {"blocking", Blocking},
    {"endings", Endings},
    {"files", Files},
    {"idempotent", Idempotent},
    {"key", Key},
    {"many-threads", ManyThreads},
    {"no-worker", NoWorker},
    {"not-what-was-asked", NotWhatWasAsked},
    {"standard-input", StandardInput},
    {"stopped", Stopped},
    {"submit", Submit},
    {"tampered", Tampered},
    {"throwing", Throwing},
    {"versions", Versions},
    {"wrong-node", WrongNode},
    {"wrong-pin", WrongPin},
};

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 1, argv + argc);
  try {
    const plasm::Client client({.data_folder = words.at(1), .worker_program = {}});
    kCases.at(words.at(0))(client, {words.begin() + 2, words.end()});
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", words.empty() ? "?" : words[0].c_str(), error.what());
    return EXIT_FAILURE;
  }
}
