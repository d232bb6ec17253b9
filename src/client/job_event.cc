#include "client/job_event.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/quote.h"

namespace plasm::client {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxJobBytes, .max_depth = 8, .max_values = 1'000'000};

Result<JobEvent> ReadState(ByteView data) {
  PLASM_TRY(JsonNode root, ParseJson(data, "state", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string name, fields.TakeString("state"));
  PLASM_TRY(const JobState state, ParseJobState(name));
  return JobEvent(StateEvent{state});
}

Result<JobEvent> ReadOutput(ByteView data, worker::Stream stream) {
  PLASM_TRY(JsonNode root, ParseJson(data, "output", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  OutputEvent output{.stream = stream};
  PLASM_TRY(const std::string offset, fields.TakeString("offset"));
  PLASM_TRY(output.offset, ParseDecimal(offset));
  PLASM_TRY(const std::string base64, fields.TakeString("base64"));
  PLASM_TRY(output.bytes, DecodeBase64(base64));
  return JobEvent(std::move(output));
}

Result<JobEvent> ReadEnd(ByteView data) {
  PLASM_TRY(JobDocument job, ParseJob(data));
  if (!IsEnded(job.state)) {
    return Error{ErrorCode::kInvalid, "state: found " + std::string(JobStateName(job.state)) +
                                          ", expected one that a job ends in"};
  }
  return JobEvent(EndEvent{std::move(job)});
}

Result<std::optional<JobEvent>> Read(const net::ServerEvent& event) {
  const ByteView data = AsBytes(event.data);
  if (event.event == "restart") return std::optional<JobEvent>(RestartEvent{});
  const auto known = [](Result<JobEvent> read) -> Result<std::optional<JobEvent>> {
    if (!read) return std::move(read).error();
    return std::optional(*std::move(read));
  };
  if (event.event == "state") return known(ReadState(data));
  if (event.event == "stdout") return known(ReadOutput(data, worker::Stream::kStdout));
  if (event.event == "stderr") return known(ReadOutput(data, worker::Stream::kStderr));
  if (event.event == "end") return known(ReadEnd(data));
  return std::optional<JobEvent>();
}

}  // namespace

Result<std::optional<JobEvent>> ReadJobEvent(const net::ServerEvent& event) {
  auto read = Read(event);
  if (read) return read;
  return Error{ErrorCode::kCorrupt,
               "the node's event " + Quote(event.event) + ": " + read.error().message};
}

Result<ByteView> OutputProgress::New(const OutputEvent& event) {
  std::uint64_t& have = bytes_[static_cast<std::size_t>(event.stream)];
  if (event.offset > have) {
    return Error{ErrorCode::kCorrupt, "the node's output goes on at byte " +
                                          std::to_string(event.offset) + ", expected at most " +
                                          std::to_string(have)};
  }
  const std::uint64_t known = have - event.offset;
  if (known >= event.bytes.size()) return ByteView();
  const ByteView fresh = ByteView(event.bytes).subspan(static_cast<std::size_t>(known));
  have += fresh.size();
  return fresh;
}

}  // namespace plasm::client
