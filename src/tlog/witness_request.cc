#include "tlog/witness_request.h"

#include "base/decimal.h"
#include "tlog/hash_lines.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kOld = "old ";

}  // namespace

Result<AddCheckpointRequest> AddCheckpointRequest::Parse(ByteView bytes) {
  std::string_view rest = AsText(bytes);
  AddCheckpointRequest request;
  const auto line = TakeLine(rest);
  if (!line || !line->starts_with(kOld)) {
    return Error{ErrorCode::kInvalid, "request: expected a line with the old size"};
  }
  PLASM_TRY(request.old_size, ParseDecimal(line->substr(kOld.size())));
  PLASM_TRY(request.proof, TakeHashLines(rest, "request"));
  PLASM_TRY(request.checkpoint, SignedCheckpoint::Parse(AsBytes(rest)));
  return request;
}

std::string AddCheckpointRequest::Serialize() const {
  return std::string(kOld) + std::to_string(old_size) + "\n" + HashLines(proof) + "\n" +
         checkpoint.Serialize();
}

}  // namespace plasm::tlog
