#include "client/digested_output.h"

namespace plasm::client {

Result<void> DigestedOutput::OnOutput(worker::Stream stream, ByteView bytes) {
  digests_[static_cast<std::size_t>(stream)].Update(bytes);
  return next_.OnOutput(stream, bytes);
}

Result<JobDocument> DigestedOutput::Watch(NodeSession& session, std::string_view id) {
  return WatchJob(session, id, progress_, *this);
}

Result<void> DigestedOutput::Complete(NodeConnection& node, std::string_view id,
                                      worker::Stream stream, std::uint64_t bytes) {
  if (progress_.bytes(stream) >= bytes) return {};
  OutputEvent whole{.stream = stream};
  PLASM_TRY(whole.bytes, node.Fetch(id, stream == worker::Stream::kStdout ? JobPart::kStdout
                                                                          : JobPart::kStderr));
  PLASM_TRY(const ByteView rest, progress_.New(whole));
  if (rest.empty()) return {};
  return OnOutput(stream, rest);
}

Sha256Digest DigestedOutput::TakeDigest(worker::Stream stream) {
  return digests_[static_cast<std::size_t>(stream)].Finish();
}

}  // namespace plasm::client
