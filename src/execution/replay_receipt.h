// Runs the job of a receipt again and says whether the receipt was right.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "blobs/content_source.h"
#include "execution/replay.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"

namespace plasm::execution {

struct ReplayReport {
  // kValid, kReplayDiffers, kReplayInconclusive, kReplayImpossible; kWrongJob when the manifest
  // that the receipt names contradicts it.
  receipt::Verdict verdict = receipt::Verdict::kReplayImpossible;
  std::string reason;        // the first difference, or what is missing; empty when identical
  receipt::Runtime runtime;  // what ran it again; empty when nothing ran
};

// `manifest`: its bytes, when the caller has them; otherwise they are looked for like the
// rest, by their digest. `engine_version` is this machine's. Blocks until the run has ended. An
// error is this machine's fault.
Result<ReplayReport> ReplayReceipt(const receipt::Statement& recorded,
                                   std::optional<ByteView> manifest, const ContentSource& source,
                                   const Replayer& replayer, std::string_view engine_version);

}  // namespace plasm::execution
