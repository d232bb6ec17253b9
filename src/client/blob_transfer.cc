#include "client/blob_transfer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/decimal.h"
#include "client/problem_document.h"

namespace plasm::client {
namespace {

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kAccepted = 202;
constexpr int kPartialContent = 206;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr std::size_t kBufferBytes = 256 << 10;

std::string TargetOf(const Sha256Digest& digest) { return "/v1/blobs/" + digest.ToHex(); }

// How far an upload has come; 0 when the node does not say, or not sensibly.
std::uint64_t UploadOffset(const net::ResponseHead& head, std::uint64_t bytes) {
  const auto text = head.Header("upload-offset");
  if (!text) return 0;
  const auto offset = ParseDecimal(*text);
  return offset && *offset <= bytes ? *offset : 0;
}

// Nothing when the blob is there.
Result<std::optional<std::uint64_t>> Missing(NodeSession& session, const Sha256Digest& digest,
                                             std::uint64_t bytes) {
  const std::string target = TargetOf(digest);
  PLASM_TRY(const net::WholeResponse answer,
            session.Ask({.method = "HEAD", .target = target}, kMaxProblemBytes));
  if (answer.head.status == kOk) return std::optional<std::uint64_t>();
  if (answer.head.status != kNotFound) return ErrorOf(answer, session);
  return std::optional(UploadOffset(answer.head, bytes));
}

}  // namespace

Result<void> Upload(NodeSession& session, const Sha256Digest& digest, int fd, std::uint64_t bytes,
                    const TransferProgress& progress, const UploadSettings& settings) {
  const std::string target = TargetOf(digest);
  const auto report = [&](std::uint64_t done) {
    if (progress) progress(done, bytes);
  };
  Patience patience = session.NewPatience();
  PLASM_TRY(std::optional<std::uint64_t> offset, Missing(session, digest, bytes));
  while (offset) {
    report(*offset);
    const std::uint64_t size = std::min(settings.piece_bytes, bytes - *offset);
    const bool whole = *offset == 0 && size == bytes;
    // An upload of which every byte is there but its end was not noticed begins again.
    if (size == 0 && !whole) {
      offset = 0;
      continue;
    }
    net::OutgoingRequest request{
        .method = "PUT",
        .target = target,
        .headers = {{"Content-Type", "application/octet-stream"}},
        .file = net::BodyFile{.fd = fd, .offset = *offset, .length = size}};
    const std::string range = "bytes " + std::to_string(*offset) + "-" +
                              std::to_string(*offset + size - 1) + "/" + std::to_string(bytes);
    if (!whole) request.headers.push_back({"Content-Range", range});
    const auto answer = session.AskOnce(request, kMaxProblemBytes);
    if (!answer) {
      // The piece may have arrived in part: the node knows.
      PLASM_TRY_VOID(patience.PauseAfter(answer.error(), session.retry_after()));
      PLASM_TRY(offset, Missing(session, digest, bytes));
      continue;
    }
    const int status = answer->head.status;
    if (status == kOk || status == kCreated) break;
    const bool elsewhere = status == kConflict && answer->head.Header("upload-offset");
    if (status != kAccepted && !elsewhere) return ErrorOf(*answer, session);
    const std::uint64_t next = UploadOffset(answer->head, bytes);
    if (next > *offset) {
      patience.Progressed();
    } else {
      PLASM_TRY_VOID(patience.PauseAfter(
          {ErrorCode::kUnavailable, session.pin().node() + ": the upload of " + digest.ToHex() +
                                        " does not get on: the node stays at byte " +
                                        std::to_string(next) + " of " + std::to_string(bytes)}));
    }
    offset = next;
  }
  report(bytes);
  return {};
}

Result<void> Download(NodeSession& session, const Sha256Digest& digest, std::uint64_t bytes,
                      const std::function<Result<void>(ByteView)>& sink,
                      const TransferProgress& progress) {
  const std::string target = TargetOf(digest);
  const auto corrupt = [&](const std::string& what) {
    return Error{ErrorCode::kCorrupt,
                 session.pin().node() + ": the blob " + digest.ToHex() + ": " + what};
  };
  Bytes buffer(kBufferBytes);
  Sha256 hash;
  std::uint64_t done = 0;
  Patience patience = session.NewPatience();

  // One request's worth; the error is the connection's, and may pass.
  const auto go_on = [&](Result<void>& final) -> Result<void> {
    net::OutgoingRequest request{.target = target};
    const std::string range = "bytes=" + std::to_string(done) + "-";
    if (done > 0) request.headers.push_back({"Range", range});
    PLASM_TRY(const net::ResponseHead head, session.Open(request));
    if (head.status != (done > 0 ? kPartialContent : kOk)) {
      final = corrupt("found the status " + std::to_string(head.status) + ", expected a part");
      return {};
    }
    while (true) {
      PLASM_TRY(const std::size_t count, session.ReadBody(buffer));
      if (count == 0) return {};
      const ByteView got = ByteView(buffer).first(count);
      if (got.size() > bytes - done) {
        final = corrupt("found more than the expected " + std::to_string(bytes) + " bytes");
        return {};
      }
      hash.Update(got);
      done += got.size();
      patience.Progressed();
      if (final = sink(got); !final) return {};
      if (progress) progress(done, bytes);
    }
  };
  if (bytes > 0) {
    while (done < bytes) {
      const std::uint64_t before = done;
      Result<void> final;
      const Result<void> attempt = go_on(final);
      if (!final) return final;
      if (!attempt) {
        PLASM_TRY_VOID(patience.PauseAfter(attempt.error(), session.retry_after()));
      } else if (done == before) {
        return corrupt("ends after " + std::to_string(done) + " of " + std::to_string(bytes) +
                       " bytes");
      }
    }
  }
  if (hash.Finish() != digest) return corrupt("its bytes have another digest");
  return {};
}

}  // namespace plasm::client
