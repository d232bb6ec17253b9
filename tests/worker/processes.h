// What the tests of real worker processes share.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "worker/supervisor/compiler.h"
#include "worker/supervisor/executor.h"

namespace plasm::worker {

// Time that passes only when a test says so.
class StillClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override { return now; }
  std::uint64_t MonotonicNs() noexcept override { return now; }
  void SleepNs(std::uint64_t duration) noexcept override { now += duration; }
  std::uint64_t now = 1'000'000'000;
};

// Everything that happened to one job.
class Recorder final : public JobEvents {
 public:
  void OnOutput(Stream stream, ByteView bytes) override {
    if (ended > 0) late = true;
    (stream == Stream::kStdout ? out : err) += AsText(bytes);
    if (on_output) on_output();
  }
  Result<void> OnFile(const FileMessage& file) override {
    if (!file_error.empty()) return Error{ErrorCode::kUnavailable, file_error};
    files.emplace_back(file.path + (file.kind == EntryKind::kDirectory ? "/" : ""), "");
    return {};
  }
  Result<void> OnFileData(ByteView bytes) override {
    files.back().second += AsText(bytes);
    return {};
  }
  void OnEnded(const JobEnding& job_ending) override {
    ++ended;
    ending = job_ending;
    if (on_ended) on_ended();
  }

  std::string out;
  std::string err;
  std::vector<std::pair<std::string, std::string>> files;
  int ended = 0;
  bool late = false;  // output after the end
  JobEnding ending;
  std::string file_error;
  std::function<void()> on_output;
  std::function<void()> on_ended;
};

// Takes output only when somebody has read what was given to him before.
class SlowReader final : public JobEvents {
 public:
  SlowReader() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    out.Reset(ends[0]);
    in.Reset(ends[1]);
  }
  void OnOutput(Stream, ByteView bytes) override {
    EXPECT_FALSE(blocked);
    seen += bytes.size();
    const Bytes filling(1 << 20);
    while (write(in.get(), filling.data(), filling.size()) > 0) {
    }
    blocked = true;
    if (on_blocked) on_blocked();
  }
  int BlockedOn() const override { return blocked ? in.get() : -1; }
  void OnWritable() override { blocked = false; }
  void OnEnded(const JobEnding& job_ending) override { ending = job_ending; }

  void ReadAll() const {
    Bytes read_bytes(1 << 20);
    while (read(out.get(), read_bytes.data(), read_bytes.size()) > 0) {
    }
  }

  UniqueFd out;
  UniqueFd in;
  bool blocked = false;
  std::size_t seen = 0;
  JobEnding ending;
  std::function<void()> on_blocked;
};

inline Bytes Example(const std::string& name) {
  auto bytes = ReadFile(std::string(PLASM_EXAMPLES_DIR) + "/" + name, 1 << 24);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return *std::move(bytes);
}

// A module compiled by a real compile worker, in the quick tier.
inline UniqueFd Compiled(ByteView module, Tier tier = Tier::kQuick) {
  static const plasm::testing::TempFolder folder;
  static const ArtefactCache cache(folder.path(), std::uint64_t{1} << 30);
  static SystemClock clock;
  const Compiler compiler(PLASM_WORKER, cache, clock);
  auto artefact = compiler.Compile({Sha256Of(module), Target::kNative, tier}, module);
  if (!artefact) throw std::runtime_error(artefact.error().message);
  return *std::move(artefact);
}

inline JobRequest Request(ProgramId program, std::vector<std::string> args, JobEvents& events) {
  JobRequest request;
  request.program = program;
  request.job.args = std::move(args);
  request.job.interactive = true;
  request.events = &events;
  return request;
}

// Processes whose parent is this one.
inline std::set<pid_t> Children() {
  std::set<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::ifstream stat(entry.path() / "stat");
    // A process may go while it is looked at: getline says so, an iterator throws.
    std::string text;
    std::getline(stat, text, '\0');
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    if (std::atoi(text.c_str() + name_end + 4) == getpid()) children.insert(pid);
  }
  return children;
}

inline std::size_t OpenDescriptors() {
  return static_cast<std::size_t>(std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

}  // namespace plasm::worker
