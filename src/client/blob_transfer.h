// Blobs to a node and back, in pieces, going on where a cut connection left off.
#pragma once

#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "client/node_session.h"

namespace plasm::client {

// Bytes that are there, of all. Called often, on the calling thread.
using TransferProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

struct UploadSettings {
  std::uint64_t piece_bytes = std::uint64_t{8} << 20;  // what one request carries at most
};

// Sends `bytes` bytes of the file from its start, unless the node has the blob. `digest` is
// theirs. The node has it durably on return.
Result<void> Upload(NodeSession& session, const Sha256Digest& digest, int fd, std::uint64_t bytes,
                    const TransferProgress& progress = {}, const UploadSettings& settings = {});

// Hands a blob's bytes on in order. What was handed on counts only when this succeeds: kCorrupt,
// at the end, unless they are `bytes` bytes with this digest. An error of the sink ends it.
Result<void> Download(NodeSession& session, const Sha256Digest& digest, std::uint64_t bytes,
                      const std::function<Result<void>(ByteView)>& sink,
                      const TransferProgress& progress = {});

}  // namespace plasm::client
