#include "discovery/protocol/announce_key.h"

#include <algorithm>

#include "base/hex.h"
#include "base/sha256.h"

namespace plasm::discovery {

std::string AnnounceKey::ToHex() const { return EncodeHex(bytes); }

Result<AnnounceKey> AnnounceKey::FromHex(std::string_view text) {
  AnnounceKey key;
  PLASM_TRY_VOID(DecodeHexTo(text, key.bytes));
  return key;
}

AnnounceKey AnnounceKeyOf(std::string_view capability) {
  Sha256 hash;
  hash.Update(AsBytes("plasm capability v1\n"));
  hash.Update(AsBytes(capability));
  const Sha256Digest digest = hash.Finish();
  AnnounceKey key;
  std::copy_n(digest.bytes.begin(), AnnounceKey::kSize, key.bytes.begin());
  return key;
}

}  // namespace plasm::discovery
