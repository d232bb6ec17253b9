#include "worker/protocol/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

std::vector<ToWorker> EveryToWorker() {
  return {LoadMessage{0x01020304},
          RunMessage{.job = kHuge, .program = 7, .has_inputs = false, .spec = AsBytes("spec")},
          RunMessage{.job = 1, .program = 2, .has_inputs = true, .spec = {}},
          RunMessage{.job = 1,
                     .program = 2,
                     .has_inputs = true,
                     .spec = {},
                     .input_is_whole = true,
                     .input = AsBytes("input")},
          StdinMessage{9, AsBytes("input")},
          StdinMessage{9, {}},
          CompileMessage{},
          ForgetMessage{kHuge},
          UnloadMessage{0x01020304}};
}

std::vector<FromWorker> EveryFromWorker() {
  return {ReadyMessage{},
          LoadFailedMessage{3, "why"},
          OutputMessage{4, Stream::kStdout, AsBytes("out")},
          OutputMessage{4, Stream::kStderr, AsBytes("err")},
          StdinWantedMessage{5, 1},
          FileMessage{6, 2, EntryKind::kDirectory, "a/b", 0},
          FileMessage{6, 2, EntryKind::kFile, "", kHuge},
          FileDataMessage{6, AsBytes("data")},
          EndedMessage{.job = 8,
                       .status = EndStatus::kFailed,
                       .exit_code = 0xffffffff,
                       .fuel_used = kHuge,
                       .trap = "stack_overflow",
                       .message = "in words"},
          CompiledMessage{},
          CompileFailedMessage{ErrorCode::kLimitExceeded, "too large"},
          ForgottenMessage{kHuge}};
}

template <class Message>
Bytes Encoded(const Message& message) {
  Bytes bytes;
  AppendMessage(bytes, message);
  return bytes;
}

// What `message` became, as a frame of its own.
struct Parsed {
  FrameReader reader;
  Frame frame;
  explicit Parsed(const Bytes& bytes) : frame{} {
    reader.Append(bytes);
    const auto next = reader.Next();
    EXPECT_TRUE(next && *next);
    if (next && *next) frame = **next;
  }
};

// Two builds that differ here must not work with each other.
TEST(MessagesTest, AChangeOfTheEncodingRaisesTheVersion) {
  Bytes all;
  for (const ToWorker& message : EveryToWorker()) AppendMessage(all, message);
  for (const FromWorker& message : EveryFromWorker()) AppendMessage(all, message);
  EXPECT_EQ(std::pair(kProtocolVersion, Sha256Of(all).ToHex()),
            std::pair(3u, std::string(
                              "d9b47ea43c18bfb3461092dddf776e93f69dbd442d6f687ae7e630514eb2ce19")));
}

TEST(MessagesTest, AWorkerOfAnotherBuildIsNamedAsSuch) {
  const auto check = [](FrameType type, ByteView payload) {
    const auto checked = CheckReady({type, payload});
    return checked ? "fine" : checked.error().message;
  };
  EXPECT_EQ(check(FrameType::kReady, Parsed(Encoded(FromWorker(ReadyMessage{}))).frame.payload),
            "fine");
  EXPECT_THAT(check(FrameType::kReady, AsBytes(std::string_view("\4\0\0\0 and more", 13))),
              HasSubstr("another build than this program: it speaks version 4 of their protocol, "
                        "expected 3"));
  EXPECT_THAT(check(FrameType::kReady, {}), HasSubstr("speaks version 0"));
  EXPECT_THAT(check(FrameType::kReady, AsBytes(std::string_view("\3\0\0\0x", 5))),
              HasSubstr("another build"));
  EXPECT_THAT(check(FrameType::kOutput, {}), HasSubstr("before it was ready"));
}

TEST(MessagesTest, EveryMessageToAWorkerSurvivesTheWay) {
  for (const ToWorker& message : EveryToWorker()) {
    const Bytes bytes = Encoded(message);
    const Parsed parsed(bytes);
    const auto decoded = DecodeToWorker(parsed.frame);
    ASSERT_TRUE(decoded) << message.index();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(Encoded(*decoded), bytes);
    EXPECT_FALSE(DecodeFromWorker(parsed.frame)) << "of the wrong direction: " << message.index();
  }
}

TEST(MessagesTest, EveryMessageFromAWorkerSurvivesTheWay) {
  for (const FromWorker& message : EveryFromWorker()) {
    const Bytes bytes = Encoded(message);
    const Parsed parsed(bytes);
    const auto decoded = DecodeFromWorker(parsed.frame);
    ASSERT_TRUE(decoded) << message.index();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(Encoded(*decoded), bytes);
    EXPECT_FALSE(DecodeToWorker(parsed.frame)) << "of the wrong direction: " << message.index();
  }
}

TEST(MessagesTest, FieldsComeBackAsTheyWere) {
  const Bytes bytes = Encoded(EveryFromWorker()[8]);
  const Parsed parsed(bytes);
  const auto decoded = DecodeFromWorker(parsed.frame);
  const auto& ended = std::get<EndedMessage>(*decoded);
  EXPECT_EQ(ended.job, 8u);
  EXPECT_EQ(ended.status, EndStatus::kFailed);
  EXPECT_EQ(ended.exit_code, 0xffffffffu);
  EXPECT_EQ(ended.fuel_used, kHuge);
  EXPECT_EQ(ended.trap, "stack_overflow");
  EXPECT_EQ(ended.message, "in words");
}

// Where the payload ends in bytes of free length, a shorter one is another message.
bool EndsInFreeBytes(FrameType type, const Bytes& payload, std::size_t length) {
  switch (type) {
    case FrameType::kRun:
      return length >= 18 && payload[12] == std::byte{0} && payload[14] == std::byte{0};
    case FrameType::kStdin:
    case FrameType::kFileData:
      return length >= 8;
    case FrameType::kOutput:
      return length >= 9;
    default:
      return false;
  }
}

template <class Messages, class Decode>
void RefusesTruncationsOf(const Messages& messages, const Decode& decode) {
  for (const auto& message : messages) {
    const Bytes bytes = Encoded(message);
    const Parsed parsed(bytes);
    const Bytes payload(parsed.frame.payload.begin(), parsed.frame.payload.end());
    for (std::size_t length = 0; length < payload.size(); ++length) {
      if (EndsInFreeBytes(parsed.frame.type, payload, length)) continue;
      const auto decoded = decode({parsed.frame.type, ByteView(payload).first(length)});
      ASSERT_FALSE(decoded) << message.index() << " cut to " << length;
      EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt);
    }
    Bytes longer = payload;
    longer.push_back(std::byte{0});
    if (!EndsInFreeBytes(parsed.frame.type, longer, longer.size())) {
      EXPECT_FALSE(decode({parsed.frame.type, longer})) << message.index();
    }
  }
}

TEST(MessagesTest, RefusesEveryTruncationAndEveryByteTooMany) {
  RefusesTruncationsOf(EveryToWorker(), DecodeToWorker);
  RefusesTruncationsOf(EveryFromWorker(), DecodeFromWorker);
}

// The payload of `message` with byte `at` replaced.
template <class Message>
Bytes Changed(const Message& message, std::size_t at, unsigned value) {
  Bytes bytes = Encoded(message);
  bytes.erase(bytes.begin(), bytes.begin() + kFrameHeaderBytes);
  bytes.at(at) = static_cast<std::byte>(value);
  return bytes;
}

TEST(MessagesTest, RefusesEnumeratorsBeyondTheLast) {
  const FromWorker output = OutputMessage{1, Stream::kStderr, {}};
  EXPECT_TRUE(DecodeFromWorker({FrameType::kOutput, Changed(output, 8, 1)}));
  EXPECT_FALSE(DecodeFromWorker({FrameType::kOutput, Changed(output, 8, 2)}));
  const FromWorker file = FileMessage{1, 0, EntryKind::kFile, "", 0};
  EXPECT_TRUE(DecodeFromWorker({FrameType::kFile, Changed(file, 12, 1)}));
  EXPECT_FALSE(DecodeFromWorker({FrameType::kFile, Changed(file, 12, 2)})) << "a symbolic link";
  const FromWorker ended = EndedMessage{1, EndStatus::kExited, 0, 0, "", ""};
  EXPECT_TRUE(DecodeFromWorker({FrameType::kEnded, Changed(ended, 8, 5)}));
  EXPECT_FALSE(DecodeFromWorker({FrameType::kEnded, Changed(ended, 8, 6)}));
  const FromWorker failed = CompileFailedMessage{ErrorCode::kInvalid, ""};
  EXPECT_TRUE(DecodeFromWorker({FrameType::kCompileFailed, Changed(failed, 0, 8)}));
  EXPECT_FALSE(DecodeFromWorker({FrameType::kCompileFailed, Changed(failed, 0, 9)}));
  const ToWorker run = RunMessage{.job = 1, .program = 1, .has_inputs = false, .spec = {}};
  EXPECT_TRUE(DecodeToWorker({FrameType::kRun, Changed(run, 12, 1)}));
  EXPECT_FALSE(DecodeToWorker({FrameType::kRun, Changed(run, 12, 2)}));
  EXPECT_TRUE(DecodeToWorker({FrameType::kRun, Changed(run, 13, 1)}));
  EXPECT_FALSE(DecodeToWorker({FrameType::kRun, Changed(run, 13, 2)}));
}

TEST(MessagesTest, RefusesWhatContradictsItself) {
  const FromWorker folder = FileMessage{1, 0, EntryKind::kDirectory, "a", 1};
  const Bytes folder_bytes = Encoded(folder);
  EXPECT_FALSE(DecodeFromWorker(Parsed(folder_bytes).frame)) << "a folder with contents";
  const Bytes wanted = Encoded(FromWorker(StdinWantedMessage{1, 0}));
  EXPECT_FALSE(DecodeFromWorker(Parsed(wanted).frame)) << "asks for nothing";
  const Bytes run = Encoded(
      ToWorker(RunMessage{.job = 1, .program = 1, .has_inputs = true, .spec = AsBytes("x")}));
  EXPECT_FALSE(DecodeToWorker(Parsed(run).frame)) << "a specification in two places";
  const Bytes input = Encoded(ToWorker(RunMessage{
      .job = 1, .program = 1, .spec = {}, .input_is_whole = false, .input = AsBytes("x")}));
  EXPECT_FALSE(DecodeToWorker(Parsed(input).frame)) << "some of the input";
}

TEST(MessagesTest, RefusesALengthThatPointsBeyondThePayload) {
  const FromWorker failed = LoadFailedMessage{1, "abc"};
  for (const unsigned length : {4u, 255u}) {
    EXPECT_FALSE(DecodeFromWorker({FrameType::kLoadFailed, Changed(failed, 4, length)}));
  }
  EXPECT_FALSE(DecodeFromWorker({FrameType::kLoadFailed, Changed(failed, 7, 0xff)}));
}

TEST(MessagesTest, ChunksHaveALimit) {
  Bytes payload(8 + kMaxChunkBytes);
  EXPECT_TRUE(DecodeFromWorker({FrameType::kFileData, payload}));
  EXPECT_TRUE(DecodeToWorker({FrameType::kStdin, payload}));
  payload.push_back(std::byte{0});
  EXPECT_FALSE(DecodeFromWorker({FrameType::kFileData, payload}));
  EXPECT_FALSE(DecodeToWorker({FrameType::kStdin, payload}));
  EXPECT_TRUE(DecodeFromWorker({FrameType::kOutput, payload}));
  payload.push_back(std::byte{0});
  EXPECT_FALSE(DecodeFromWorker({FrameType::kOutput, payload}));
}

TEST(MessagesTest, TextIsCutWhenWrittenAndRefusedWhenTooLong) {
  const Bytes cut = Encoded(FromWorker(LoadFailedMessage{1, std::string(10'000, 'x')}));
  const Parsed parsed(cut);
  const auto decoded = DecodeFromWorker(parsed.frame);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<LoadFailedMessage>(*decoded).message.size(), 4096u);

  const Bytes path =
      Encoded(FromWorker(FileMessage{1, 0, EntryKind::kFile, std::string(5000, 'x'), 0}));
  EXPECT_FALSE(DecodeFromWorker(Parsed(path).frame));
}

}  // namespace
}  // namespace plasm::worker
