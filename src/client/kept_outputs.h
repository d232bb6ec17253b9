// Files that a job kept, from a node to this machine, by what the verified receipt says of them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "blobs/blob_store.h"
#include "client/blob_transfer.h"
#include "client/job_document.h"
#include "client/node_session.h"
#include "receipt/statement.h"

namespace plasm::client {

struct WantedOutput {
  std::string guest;           // file or folder, as the manifest has it
  std::filesystem::path host;  // where it goes
};

// A file of the receipt that belongs to a wanted output.
struct PlacedFile {
  std::size_t output = 0;  // index into the wanted ones
  std::string below;       // path below the output; empty for the output itself
  Sha256Digest digest;
};

// Which files go where: each file of the receipt that is a wanted output or below one. kCorrupt
// for a path that would leave its place. Pure.
Result<std::vector<PlacedFile>> PlaceFiles(const receipt::Statement& statement,
                                           const std::vector<WantedOutput>& wanted);

// Fetches them into the store and from there to their places, each whole or not at all, and gives
// the outputs of which there is nothing. `statement` is that of a receipt that was verified; `job`
// only says how large files are. Errors as Download and worker::OutputWriter.
Result<std::vector<std::string>> FetchOutputs(NodeSession& session, const JobDocument& job,
                                              const receipt::Statement& statement,
                                              const std::vector<WantedOutput>& wanted,
                                              const BlobStore& store,
                                              const TransferProgress& progress = {});

}  // namespace plasm::client
