#include "client/kept_outputs.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/quote.h"
#include "blobs/content_source.h"
#include "worker/protocol/output_path.h"
#include "worker/supervisor/output_writer.h"

namespace plasm::client {
namespace {

// The part of `path` below `output`; empty for the output itself, nothing for other paths.
std::optional<std::string> Below(const std::string& path, const std::string& output) {
  if (path == output) return "";
  const std::string folder = output.ends_with('/') ? output : output + "/";
  if (!path.starts_with(folder)) return std::nullopt;
  return path.substr(folder.size());
}

Result<void> FetchBlob(NodeSession& session, const Sha256Digest& digest, std::uint64_t bytes,
                       const BlobStore& store, const TransferProgress& progress) {
  if (store.Has(digest)) return {};
  PLASM_TRY(BlobWriter blob, store.NewBlob());
  PLASM_TRY_VOID(
      Download(session, digest, bytes, [&](ByteView part) { return blob.Write(part); }, progress));
  PLASM_TRY(const StoredBlob kept, blob.Finish());
  static_cast<void>(kept);  // Download has compared the digest
  return {};
}

}  // namespace

Result<std::vector<PlacedFile>> PlaceFiles(const receipt::Statement& statement,
                                           const std::vector<WantedOutput>& wanted) {
  std::vector<PlacedFile> placed;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (const receipt::FileSubject& file : statement.files) {
      auto below = Below(file.path, wanted[i].guest);
      if (!below) continue;
      if (!below->empty() && !worker::IsSafeOutputPath(*below)) {
        return Error{ErrorCode::kCorrupt, "the receipt names the file " + Quote(file.path) +
                                              ", which has no place below " +
                                              Quote(wanted[i].guest)};
      }
      placed.push_back({i, *std::move(below), file.digest});
    }
  }
  return placed;
}

Result<std::vector<std::string>> FetchOutputs(NodeSession& session, const JobDocument& job,
                                              const receipt::Statement& statement,
                                              const std::vector<WantedOutput>& wanted,
                                              const BlobStore& store,
                                              const TransferProgress& progress) {
  PLASM_TRY(const std::vector<PlacedFile> files, PlaceFiles(statement, wanted));
  std::map<Sha256Digest, std::uint64_t> sizes;
  for (const NamedOutput& output : job.outputs) {
    sizes.emplace(output.contents.digest, output.contents.bytes);
  }
  std::vector<std::filesystem::path> destinations;
  for (const WantedOutput& output : wanted) destinations.push_back(output.host);
  worker::OutputWriter writer(std::move(destinations));
  std::set<std::size_t> seen;
  for (const PlacedFile& file : files) {
    const auto size = sizes.find(file.digest);
    if (size == sizes.end()) {
      return Error{ErrorCode::kCorrupt, session.pin().node() + ": the receipt names the file " +
                                            file.digest.ToHex() +
                                            " as an output, and the node's answer does not"};
    }
    PLASM_TRY_VOID(FetchBlob(session, file.digest, size->second, store, progress));
    PLASM_TRY_VOID(writer.Begin({.job = 0,
                                 .output = static_cast<std::uint32_t>(file.output),
                                 .kind = worker::EntryKind::kFile,
                                 .path = file.below,
                                 .size = size->second}));
    PLASM_TRY(const std::uint64_t copied,
              CopyContent(store, file.digest, size->second,
                          [&](ByteView part) { return writer.Write(part); }));
    static_cast<void>(copied);
    seen.insert(file.output);
  }
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!seen.contains(i)) missing.push_back(wanted[i].guest);
  }
  return missing;
}

}  // namespace plasm::client
