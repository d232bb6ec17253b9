#include "tlog/cosignature.h"

#include <algorithm>
#include <limits>

namespace plasm::tlog {
namespace {

constexpr std::size_t kTimeSize = 8;

std::string SignedMessage(std::string_view text, std::uint64_t time) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

}  // namespace

NoteSignature Cosign(std::string_view checkpoint_text, std::string name,
                     const crypto::SigningKey& key, std::uint64_t time) {
  const VerifierKey verifier{std::move(name), SignatureType::kCosignature, key.public_key()};
  const crypto::Signature signature = key.Sign(AsBytes(SignedMessage(checkpoint_text, time)));
  NoteSignature line{.name = verifier.name, .key_id = verifier.Id(), .signature = {}};
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    line.signature.push_back(static_cast<std::byte>(time >> (shift - 8) & 0xff));
  }
  line.signature.insert(line.signature.end(), signature.bytes.begin(), signature.bytes.end());
  return line;
}

std::optional<std::uint64_t> VerifyCosignature(std::string_view checkpoint_text,
                                               const crypto::PublicKey& key, ByteView signature) {
  if (signature.size() != kTimeSize + crypto::Signature::kSize) return std::nullopt;
  std::uint64_t time = 0;
  for (const std::byte b : signature.first(kTimeSize)) {
    time = time << 8 | std::to_integer<std::uint64_t>(b);
  }
  // Zero is what a cosigner writes that makes no statement about time, which v1 has no form for.
  if (time == 0 || time > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return std::nullopt;
  }
  crypto::Signature bytes;
  std::ranges::copy(signature.subspan(kTimeSize), bytes.bytes.begin());
  if (!crypto::Verify(key, AsBytes(SignedMessage(checkpoint_text, time)), bytes)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace plasm::tlog
