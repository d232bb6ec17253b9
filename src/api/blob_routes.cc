#include "api/blob_routes.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "api/job_query.h"
#include "base/system_error.h"

namespace plasm::api {
namespace {

constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::size_t kPieceBytes = 256 << 10;

Error NoSuchBlob(const Sha256Digest& digest) {
  return {ErrorCode::kNotFound, "there is no blob " + digest.ToHex()};
}

Result<Sha256Digest> DigestOf(const Call& call) {
  PLASM_TRY_VOID(ExpectNoParameters(call.request().query()));
  const auto digest = Sha256Digest::FromHex(call.parameter());
  if (digest) return *digest;
  return Error{ErrorCode::kInvalid, "digest: " + digest.error().message};
}

// What of a blob is to be sent: all of it, a part, or nothing when the part is none.
struct Wanted {
  bool satisfiable = true;
  std::optional<ByteRange> range;
};

Result<Wanted> WantedOf(const Call& call, std::uint64_t size, std::string_view etag) {
  PLASM_TRY(const auto range, call.request().Header("Range"));
  if (!range || call.method() != "GET") return Wanted{};
  // Contents never change; somebody who has parts of others gets all of it.
  PLASM_TRY(const auto if_range, call.request().Header("If-Range"));
  if (if_range && *if_range != etag) return Wanted{};
  PLASM_TRY(const std::optional<ByteRange> parsed, ParseRange(*range, size));
  return Wanted{.satisfiable = parsed.has_value(), .range = parsed};
}

}  // namespace

// One PUT on its way.
struct BlobRoutes::Upload {
  Sha256Digest digest;
  std::optional<ContentRange> piece;  // nothing: the body is the whole blob
  std::shared_ptr<PartialBlob> blob;  // shared with the thread that writes it
  std::uint64_t received = 0;         // of the body
  std::uint64_t at = 0;               // how far the blob has come
};

Result<bool> BlobRoutes::IsVisible(const Call& call, const Sha256Digest& digest) const {
  if (!blobs_.Has(digest)) return false;
  if (call.client().sees_others) return true;
  return store_.IsReferredBy(call.client().name, digest);
}

void BlobRoutes::Get(Call& call) {
  const auto digest = DigestOf(call);
  if (!digest) return call.Fail(digest.error());
  const auto visible = IsVisible(call, *digest);
  if (!visible) return call.Fail(visible.error());
  if (!*visible) {
    const std::string offset = std::to_string(partial_.SizeOf(*digest));
    return call.Fail(NoSuchBlob(*digest), {{"Upload-Offset", offset}});
  }
  const auto file = blobs_.Find(*digest);
  if (!file) return call.Fail(file.error());
  struct stat info{};
  if (fstat(file->get(), &info) != 0) {
    return call.Fail(SystemError(errno, "blob " + digest->ToHex()));
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const std::string etag = '"' + digest->ToHex() + '"';
  const auto wanted = WantedOf(call, size, etag);
  if (!wanted) return call.Fail(wanted.error());
  if (!wanted->satisfiable) {
    const std::string all = "bytes */" + std::to_string(size);
    return call.Problem(
        416, ErrorCode::kInvalid,
        "Range: begins behind the end of the blob, which has " + std::to_string(size) + " bytes",
        {{"Content-Range", all}});
  }
  const ByteRange range = wanted->range.value_or(ByteRange{0, size});
  const std::string content_range = range.length > 0 ? range.ToContentRange(size) : "";
  net::Headers headers{{"Content-Type", kBytes}, {"Accept-Ranges", "bytes"}, {"ETag", etag}};
  const int status = wanted->range ? 206 : 200;
  if (wanted->range) headers.push_back({"Content-Range", content_range});
  call.NoteStatus(status);
  (void)call.exchange().SendFile(status, headers, file->get(), range.first, range.length);
}

void BlobRoutes::Put(Call& call) {
  const auto digest = DigestOf(call);
  if (!digest) return call.Fail(digest.error());
  Upload upload{.digest = *digest, .piece = {}, .blob = {}, .received = 0, .at = 0};
  const auto header = call.request().Header("Content-Range");
  if (!header) return call.Fail(header.error());
  if (*header) {
    const auto piece = ContentRange::Parse(**header);
    if (!piece) return call.Fail(piece.error());
    upload.piece = *piece;
  }
  // Only whoever refers to it: others have to show that they have it.
  const auto visible = IsVisible(call, *digest);
  if (!visible) return call.Fail(visible.error());
  if (*visible) {
    const auto kept = Refer(call, *digest);
    return kept ? call.RespondEmpty(200) : call.Fail(kept.error());
  }
  if (const auto begun = Begin(call, upload); !begun) {
    return FailUpload(call, upload, begun.error());
  }
  if (const auto received = Receive(call, upload); !received) {
    return FailUpload(call, upload, received.error());
  }
  Respond(call, upload);
}

// Opens the file that takes the body, at the place where the body goes.
Result<void> BlobRoutes::Begin(Call& call, Upload& upload) {
  const std::uint64_t left =
      budget_.Left(call.client().Share(), call.access().upload_bytes, clock_.RealtimeNs());
  const std::uint64_t announced =
      std::max(call.request().body_length().value_or(0), upload.piece ? upload.piece->length : 0);
  const std::uint64_t size = upload.piece ? upload.piece->size : announced;
  if (announced > left || size > call.access().upload_bytes) {
    return Error{ErrorCode::kLimitExceeded, "upload: " + std::to_string(size) +
                                                " bytes are more than this client may upload "
                                                "in a day, of which " +
                                                std::to_string(left) + " are left"};
  }
  const auto length = call.request().body_length();
  if (upload.piece && length && *length != upload.piece->length) {
    return Error{ErrorCode::kInvalid, "Content-Range: names " +
                                          std::to_string(upload.piece->length) +
                                          " bytes, the body has " + std::to_string(*length)};
  }
  using Opened = std::shared_ptr<PartialBlob>;
  const bool whole = !upload.piece.has_value();
  const std::uint64_t most = upload.piece ? upload.piece->size : left;
  PLASM_TRY(upload.blob,
            background_.Await<Opened>(
                call.exchange(),
                [partial = partial_, digest = upload.digest, whole, most]() -> Result<Opened> {
                  PLASM_TRY(PartialBlob blob, partial.Open(digest, most));
                  if (!whole || blob.bytes() == 0) {
                    return std::make_shared<PartialBlob>(std::move(blob));
                  }
                  // Somebody begins anew.
                  blob.Discard();
                  PLASM_TRY(PartialBlob fresh, partial.Open(digest, most));
                  return std::make_shared<PartialBlob>(std::move(fresh));
                }));
  upload.at = upload.blob->bytes();
  if (upload.piece && upload.piece->first != upload.at) {
    return Error{ErrorCode::kConflict, "Content-Range: begins at " +
                                           std::to_string(upload.piece->first) +
                                           ", the upload has come to " + std::to_string(upload.at)};
  }
  return {};
}

Result<void> BlobRoutes::Receive(Call& call, Upload& upload) {
  while (true) {
    auto piece = std::make_shared<Bytes>(kPieceBytes);
    std::size_t filled = 0;
    while (filled < piece->size()) {
      PLASM_TRY(const std::size_t count,
                call.exchange().ReadBody(std::span(*piece).subspan(filled)));
      if (count == 0) break;
      filled += count;
    }
    if (filled == 0) break;
    piece->resize(filled);
    if (upload.piece && upload.received + filled > upload.piece->length) {
      return Error{ErrorCode::kInvalid, "Content-Range: the body has more than the " +
                                            std::to_string(upload.piece->length) +
                                            " bytes that it names"};
    }
    struct Nothing {};
    PLASM_TRY(
        [[maybe_unused]] const Nothing written,
        background_.Await<Nothing>(
            call.exchange(), [blob = upload.blob, at = upload.at, piece]() -> Result<Nothing> {
              PLASM_TRY_VOID(blob->Append(at, *piece));
              return Nothing{};
            }));
    upload.received += filled;
    upload.at += filled;
    budget_.Take(call.client().Share(), filled, clock_.RealtimeNs());
  }
  if (!upload.piece || upload.received == upload.piece->length) return {};
  return Error{ErrorCode::kInvalid, "Content-Range: names " + std::to_string(upload.piece->length) +
                                        " bytes, the body has " + std::to_string(upload.received)};
}

void BlobRoutes::Respond(Call& call, Upload& upload) {
  if (upload.piece && !upload.piece->IsLast()) {
    const std::string offset = std::to_string(upload.at);
    return call.RespondEmpty(202, {{"Upload-Offset", offset}});
  }
  // Not collected before it is referred to.
  const BlobPins::Hold hold = pins_.Pin(upload.digest);
  const auto stored = background_.Await<StoredBlob>(
      call.exchange(), [blob = upload.blob] { return blob->Finish(); });
  if (!stored) return call.Fail(stored.error());
  if (const auto kept = Refer(call, upload.digest); !kept) return call.Fail(kept.error());
  call.RespondEmpty(201);
}

void BlobRoutes::FailUpload(Call& call, const Upload& upload, const Error& error) {
  // The client can't go on without a place to go on from.
  const std::string offset =
      std::to_string(upload.blob ? upload.at : partial_.SizeOf(upload.digest));
  call.Fail(error, {{"Upload-Offset", offset}});
}

Result<void> BlobRoutes::Refer(Call& call, const Sha256Digest& digest) {
  constexpr std::chrono::seconds kLimit(60);
  const auto written = call.exchange().Await<Result<void>>(
      [&](std::function<void(Result<void>)> give) {
        const store::AddUpload upload{.digest = digest,
                                      .client = call.client().name,
                                      .expires_ns = clock_.RealtimeNs() + keep_ns_};
        const auto submitted =
            store_.Submit(upload, store::Done<store::AddUpload>([give](auto done) {
                            give(done ? Result<void>() : Result<void>(done.error()));
                          }));
        if (!submitted) give(submitted.error());
      },
      kLimit);
  if (written) return *written;
  return Error{ErrorCode::kUnavailable, "the upload could not be written to disk in time"};
}

Result<void> BlobRoutes::Keep(Call& call, const Sha256Digest& digest,
                              std::shared_ptr<const Bytes> bytes) {
  const std::uint64_t now = clock_.RealtimeNs();
  if (bytes->size() > budget_.Left(call.client().Share(), call.access().upload_bytes, now)) {
    return Error{ErrorCode::kLimitExceeded, "upload: more than this client may upload in a day"};
  }
  const BlobPins::Hold hold = pins_.Pin(digest);
  struct Nothing {};
  PLASM_TRY([[maybe_unused]] const Nothing put,
            background_.Await<Nothing>(call.exchange(),
                                       [&blobs = blobs_, digest, bytes]() -> Result<Nothing> {
                                         PLASM_TRY_VOID(blobs.PutDurably(digest, *bytes));
                                         return Nothing{};
                                       }));
  budget_.Take(call.client().Share(), bytes->size(), now);
  return Refer(call, digest);
}

}  // namespace plasm::api
