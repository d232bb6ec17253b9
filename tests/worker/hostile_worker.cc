// A worker taken over by its guest: answers the first job with the lie that its own name says.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "worker/protocol/channel.h"
#include "worker/protocol/job.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {
namespace {

struct Situation {
  Channel& channel;
  JobNumber job;
  ProgramId program;
  Job spec;
};

void Say(Situation& s, const FromWorker& message) { AppendMessage(s.channel.outgoing(), message); }
void SayRaw(Situation& s, std::string_view bytes) {
  const ByteView view = AsBytes(bytes);
  s.channel.outgoing().insert(s.channel.outgoing().end(), view.begin(), view.end());
}
void SayEnded(Situation& s, std::uint64_t fuel = 1) {
  EndedMessage ended{};
  ended.job = s.job;
  ended.fuel_used = fuel;
  Say(s, ended);
}
FileMessage File(const Situation& s, const std::string& path, std::uint64_t size,
                 std::uint32_t output = 0) {
  return {s.job, output, EntryKind::kFile, path, size};
}

// Has the job behind this one taken back by whoever sees the output. Returns its number.
JobNumber AwaitForget(Situation& s) {
  Say(s, OutputMessage{s.job, Stream::kStdout, AsBytes("waits")});
  (void)s.channel.Flush(Blocking::kWait);
  while (true) {
    const auto frame = s.channel.NextFrame();
    if (!frame) _exit(9);
    if (!*frame) {
      if (*s.channel.Receive(Blocking::kWait) == IoStatus::kClosed) _exit(0);
      continue;
    }
    const auto message = DecodeToWorker(**frame);
    if (const auto* forget = std::get_if<ForgetMessage>(&*message)) return forget->job;
  }
}

void Behave(Situation& s) {
  Say(s, OutputMessage{s.job, Stream::kStdout, AsBytes("ran")});
  SayEnded(s);
}

const std::map<std::string, std::function<void(Situation&)>> kLies = {
    {"output-of-another-job",
     [](Situation& s) { Say(s, OutputMessage{s.job + 1, Stream::kStdout, AsBytes("x")}); }},
    {"end-of-another-job",
     [](Situation& s) {
       ++s.job;
       SayEnded(s);
     }},
    {"too-much-output",
     [](Situation& s) {
       const Bytes bytes(static_cast<std::size_t>(s.spec.limits.output_bytes) + 1);
       Say(s, OutputMessage{s.job, Stream::kStdout, bytes});
     }},
    {"too-much-output-in-two-streams",
     [](Situation& s) {
       const Bytes bytes(static_cast<std::size_t>(s.spec.limits.output_bytes));
       Say(s, OutputMessage{s.job, Stream::kStdout, bytes});
       Say(s, OutputMessage{s.job, Stream::kStderr, AsBytes("x")});
     }},
    {"data-without-file", [](Situation& s) { Say(s, FileDataMessage{s.job, AsBytes("x")}); }},
    {"more-data-than-said",
     [](Situation& s) {
       Say(s, File(s, "f", 3));
       Say(s, FileDataMessage{s.job, AsBytes("four")});
     }},
    {"empty-data",
     [](Situation& s) {
       Say(s, File(s, "f", 3));
       Say(s, FileDataMessage{s.job, {}});
     }},
    {"path-up", [](Situation& s) { Say(s, File(s, "a/../../x", 1)); }},
    {"path-absolute", [](Situation& s) { Say(s, File(s, "/etc/passwd", 1)); }},
    {"path-with-nul", [](Situation& s) { Say(s, File(s, std::string("a\0b", 3), 1)); }},
    {"output-nobody-wanted", [](Situation& s) { Say(s, File(s, "f", 1, 7)); }},
    {"file-within-file",
     [](Situation& s) {
       Say(s, File(s, "f", 3));
       Say(s, File(s, "g", 3));
     }},
    {"end-within-file",
     [](Situation& s) {
       Say(s, File(s, "f", 3));
       SayEnded(s);
     }},
    {"file-too-large", [](Situation& s) { Say(s, File(s, "f", s.spec.limits.file_bytes + 1)); }},
    {"files-too-large",
     [](Situation& s) {
       Say(s, File(s, "f", 1));
       Say(s, FileDataMessage{s.job, AsBytes("x")});
       Say(s, File(s, "g", ~std::uint64_t{0}));
     }},
    {"too-many-files",
     [](Situation& s) {
       for (std::uint32_t i = 0; i <= s.spec.limits.file_nodes; ++i) Say(s, File(s, "f", 0));
     }},
    {"more-fuel-than-given", [](Situation& s) { SayEnded(s, s.spec.limits.fuel + 1); }},
    {"frame-too-large",
     [](Situation& s) { SayRaw(s, std::string_view("\xff\xff\xff\xff\x42\0\0\0", 8)); }},
    {"frame-of-unknown-type",
     [](Situation& s) { SayRaw(s, std::string_view("\0\0\0\0\xc8\0\0\0", 8)); }},
    {"garbage", [](Situation& s) { SayRaw(s, std::string(1000, '\xee')); }},
    {"payload-too-short",
     [](Situation& s) { SayRaw(s, std::string_view("\1\0\0\0\x46\0\0\0x", 9)); }},
    {"wrong-direction",
     [](Situation& s) { AppendMessage(s.channel.outgoing(), ToWorker(CompileMessage{})); }},
    {"unexpected", [](Situation& s) { Say(s, CompiledMessage{}); }},
    {"two-requests-for-input",
     [](Situation& s) {
       Say(s, StdinWantedMessage{s.job, 1});
       Say(s, StdinWantedMessage{s.job, 1});
     }},
    {"refuses-an-artefact-it-never-got", [](Situation& s) { Say(s, LoadFailedMessage{99, "no"}); }},
    {"passes-over-a-job", [](Situation& s) { Say(s, ForgottenMessage{s.job}); }},
    {"half-a-frame", [](Situation& s) { SayRaw(s, std::string_view("\7\0\0", 3)); }},
    {"exits", [](Situation&) { _exit(7); }},
    {"aborts", [](Situation&) { std::abort(); }},
    // These do end the job, and try something on the way.
    {"sends-descriptors",
     [](Situation& s) {
       for (int i = 0; i < 100; ++i)
         s.channel.AttachDescriptor(UniqueFd(open("/dev/null", O_RDWR)));
       for (int i = 0; i < 100; ++i) Say(s, OutputMessage{s.job, Stream::kStdout, {}});
       SayEnded(s);
     }},
    {"asks-for-all-the-input-in-the-world",
     [](Situation& s) {
       Say(s, StdinWantedMessage{s.job, ~0u});
       SayEnded(s);
     }},
    {"is-of-another-build", [](Situation& s) { SayEnded(s); }},
    {"is-never-ready", [](Situation& s) { SayEnded(s); }},
    {"dies-of-program-1",
     [](Situation& s) {
       if (s.program == 1) _exit(7);  // and with it goes what was not yet sent
       Behave(s);
     }},
    // These two begin a job just as it is taken back.
    {"runs-what-was-taken-back",
     [](Situation& s) {
       if (s.spec.args.front() != "wait") return Behave(s);
       const JobNumber forgotten = AwaitForget(s);
       SayEnded(s);
       Say(s, OutputMessage{forgotten, Stream::kStdout, AsBytes("not wanted")});
       s.job = forgotten;
       SayEnded(s);
     }},
    {"stays-with-what-was-taken-back",
     [](Situation& s) {
       if (s.spec.args.front() != "wait") return Behave(s);
       const JobNumber forgotten = AwaitForget(s);
       SayEnded(s);
       Say(s, OutputMessage{forgotten, Stream::kStdout, AsBytes("not wanted")});
       (void)s.channel.Flush(Blocking::kWait);
       pause();
     }},
    {"refuses-the-artefact-and-runs-it",
     [](Situation& s) {
       Say(s, LoadFailedMessage{s.program, "no"});
       Say(s, OutputMessage{s.job, Stream::kStdout, AsBytes("ran")});
       SayEnded(s);
     }},
};

int Main(const std::string& lie) {
  Channel channel(UniqueFd(3), Channel::Descriptors::kAccept);
  const std::uint32_t version = kProtocolVersion + (lie == "is-of-another-build" ? 1 : 0);
  if (lie != "is-never-ready") {
    AppendMessage(channel.outgoing(), FromWorker(ReadyMessage{version}));
  }
  while (true) {
    auto frame = channel.NextFrame();
    if (!frame) return 9;
    if (!*frame) {
      if (*channel.Flush(Blocking::kWait) == IoStatus::kClosed) return 0;
      if (*channel.Receive(Blocking::kWait) == IoStatus::kClosed) return 0;
      continue;
    }
    const auto message = DecodeToWorker(**frame);
    if (!message) return 9;
    const auto* run = std::get_if<RunMessage>(&*message);
    if (run == nullptr) continue;
    Situation situation{channel, run->job, run->program, *DecodeJob(run->spec)};
    kLies.at(lie)(situation);
    if (lie == "half-a-frame") {
      (void)channel.Flush(Blocking::kWait);
      _exit(0);  // before the socket is closed, which would get it killed
    }
  }
}

}  // namespace
}  // namespace plasm::worker

int main(int, char** argv) {
  return plasm::worker::Main(std::filesystem::path(argv[0]).filename());
}
