// The job of a receipt, run again on nodes of others.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_list.h"
#include "execution/replay_receipt.h"
#include "home/data_folder.h"
#include "receipt/statement.h"
#include "trust/trust_file.h"

namespace plasm::client {

// The nodes that can bear witness about a receipt: trusted ones of another identity than the one
// that issued it, and of another operator where the trust file names them. Pure.
std::vector<KnownNode> OthersThan(const receipt::Statement& recorded,
                                  const std::vector<KnownNode>& nodes,
                                  const trust::TrustFile& trusted);

struct RemoteReplaySettings {
  std::string requester;                          // this client's fingerprint
  std::vector<std::filesystem::path> folders{};   // looked through besides the data folder
  std::function<void(const std::string&)> say{};  // as FirstResultSettings
};

// Sends the receipt's job to the nodes as a new one of this client (with requester, nonce and
// deadline of its own, which change no result), takes the first valid result, and compares what the
// two receipts say, as a replay on this machine is compared; the new receipt is kept like any
// other. kReplayImpossible when something that the job needs is not here, or no such node runs it.
// Blocks. Errors are those of the data folder.
Result<execution::ReplayReport> ReplayOnNodes(const home::DataFolder& data,
                                              const std::vector<KnownNode>& nodes,
                                              const receipt::Statement& recorded,
                                              const RemoteReplaySettings& settings, Clock& clock,
                                              Entropy& entropy);

}  // namespace plasm::client
