#include "tlog/note.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/hex.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "tlog/cosignature.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash and a space
constexpr std::size_t kIdSize = 4;

Error Invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

// Notes are UTF-8 in which the line feed is the only control character.
Result<void> CheckCharacters(std::string_view text) {
  if (!IsValidUtf8(AsBytes(text))) return Invalid("note: not UTF-8");
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  if (std::ranges::any_of(text, is_bad)) return Invalid("note: has a control character");
  return {};
}

std::array<std::byte, kIdSize> BigEndian(std::uint32_t id) {
  return {static_cast<std::byte>(id >> 24), static_cast<std::byte>(id >> 16 & 0xff),
          static_cast<std::byte>(id >> 8 & 0xff), static_cast<std::byte>(id & 0xff)};
}

std::uint32_t FromBigEndian(ByteView bytes) {
  std::uint32_t id = 0;
  for (const std::byte b : bytes.first(kIdSize)) id = id << 8 | std::to_integer<std::uint32_t>(b);
  return id;
}

Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  const std::string_view whole = line;
  if (!line.starts_with(kDash)) {
    return Invalid("signature line: found " + Quote(whole) + ", expected an em dash first");
  }
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsKeyName(line.substr(0, space))) {
    return Invalid("signature line: found " + Quote(whole) + ", expected a key name and base64");
  }
  const auto bytes = DecodeBase64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kIdSize) {
    return Invalid("signature line: found " + Quote(whole) +
                   ", expected base64 of a key id and a signature");
  }
  return NoteSignature{.name = std::string(line.substr(0, space)),
                       .key_id = FromBigEndian(*bytes),
                       .signature = Bytes(bytes->begin() + kIdSize, bytes->end())};
}

Result<std::vector<NoteSignature>> ParseLines(std::string_view lines) {
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) {
      return Invalid("signature line: the last one has no line feed");
    }
    if (signatures.size() == kMaxNoteSignatures) {
      return Error{ErrorCode::kLimitExceeded,
                   "note: more than " + std::to_string(kMaxNoteSignatures) + " signatures"};
    }
    PLASM_TRY(NoteSignature signature, ParseSignatureLine(lines.substr(0, end)));
    signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

Result<void> CheckSize(ByteView bytes) {
  if (bytes.size() <= kMaxNoteBytes) return {};
  return Error{ErrorCode::kLimitExceeded,
               "note: larger than " + std::to_string(kMaxNoteBytes) + " bytes"};
}

bool VerifyPlain(std::string_view text, const crypto::PublicKey& key, ByteView bytes) {
  crypto::Signature signature;
  if (bytes.size() != signature.bytes.size()) return false;
  std::ranges::copy(bytes, signature.bytes.begin());
  return crypto::Verify(key, AsBytes(text), signature);
}

}  // namespace

std::uint32_t VerifierKey::Id() const {
  const std::array<std::byte, 2> separator = {std::byte{'\n'}, static_cast<std::byte>(type)};
  Sha256 hash;
  hash.Update(AsBytes(name));
  hash.Update(separator);
  hash.Update(key.bytes);
  return FromBigEndian(hash.Finish().bytes);
}

std::string VerifierKey::ToText() const {
  Bytes material = {static_cast<std::byte>(type)};
  material.insert(material.end(), key.bytes.begin(), key.bytes.end());
  return name + "+" + EncodeHex(BigEndian(Id())) + "+" + EncodeBase64(material);
}

Result<VerifierKey> VerifierKey::FromText(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return Invalid("verifier key " + Quote(text) + ": " + std::string(why));
  };
  // A name has no plus, base64 may have some.
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return wrong("expected <name>+<id>+<key>");
  VerifierKey parsed;
  parsed.name = text.substr(0, first);
  if (!IsKeyName(parsed.name) || parsed.name.size() > kMaxKeyNameBytes) {
    return wrong("expected a name of at most 255 bytes without blanks");
  }
  std::array<std::byte, kIdSize> id;
  if (!DecodeHexTo(text.substr(first + 1, second - first - 1), id)) {
    return wrong("expected an id of eight hex digits");
  }
  const auto material = DecodeBase64(text.substr(second + 1));
  if (!material || material->empty()) return wrong("expected the key in base64");
  switch (const std::byte type = material->front(); static_cast<SignatureType>(type)) {
    case SignatureType::kEd25519:
    case SignatureType::kCosignature:
      parsed.type = static_cast<SignatureType>(type);
      break;
    default:
      return wrong("found signature type " + std::to_string(std::to_integer<int>(type)) +
                   ", expected 1 (Ed25519) or 4 (Ed25519 cosignature)");
  }
  if (material->size() != 1 + crypto::PublicKey::kSize) return wrong("expected a key of 32 bytes");
  std::copy(material->begin() + 1, material->end(), parsed.key.bytes.begin());
  if (FromBigEndian(id) != parsed.Id()) return wrong("the id is not the key's");
  return parsed;
}

Result<Note> ParseNote(ByteView bytes) {
  PLASM_TRY_VOID(CheckSize(bytes));
  const std::string_view all = AsText(bytes);
  PLASM_TRY_VOID(CheckCharacters(all));
  const std::size_t split = all.rfind("\n\n");
  if (split == std::string_view::npos) {
    return Invalid("note: no empty line between text and signatures");
  }
  Note note;
  note.text = all.substr(0, split + 1);
  PLASM_TRY(note.signatures, ParseLines(all.substr(split + 2)));
  if (note.signatures.empty()) return Invalid("note: no signature line");
  return note;
}

Result<std::vector<NoteSignature>> ParseSignatureLines(ByteView bytes) {
  PLASM_TRY_VOID(CheckSize(bytes));
  PLASM_TRY_VOID(CheckCharacters(AsText(bytes)));
  return ParseLines(AsText(bytes));
}

std::string SerializeSignatureLine(const NoteSignature& signature) {
  const auto id = BigEndian(signature.key_id);
  Bytes bytes(id.begin(), id.end());
  bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
  return std::string(kDash) + signature.name + " " + EncodeBase64(bytes) + "\n";
}

std::string SerializeNote(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    text += SerializeSignatureLine(signature);
  }
  return text;
}

NoteSignature SignNote(std::string_view text, std::string name, const crypto::SigningKey& key) {
  const VerifierKey verifier{std::move(name), SignatureType::kEd25519, key.public_key()};
  const crypto::Signature signature = key.Sign(AsBytes(text));
  return {.name = verifier.name,
          .key_id = verifier.Id(),
          .signature = Bytes(signature.bytes.begin(), signature.bytes.end())};
}

Result<std::vector<VerifiedSignature>> VerifyNote(const Note& note,
                                                  std::span<const VerifierKey> known) {
  std::vector<std::uint32_t> ids;
  ids.reserve(known.size());
  for (const VerifierKey& key : known) ids.push_back(key.Id());
  std::vector<VerifiedSignature> verified;
  for (std::size_t line = 0; line < note.signatures.size(); ++line) {
    const NoteSignature& signature = note.signatures[line];
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (ids[i] != signature.key_id || known[i].name != signature.name) continue;
      std::uint64_t time = 0;
      bool good = false;
      if (known[i].type == SignatureType::kEd25519) {
        good = VerifyPlain(note.text, known[i].key, signature.signature);
      } else if (const auto cosigned =
                     VerifyCosignature(note.text, known[i].key, signature.signature)) {
        good = true;
        time = *cosigned;
      }
      if (!good) {
        return Invalid("note: the signature of " + Quote(signature.name) + " does not verify");
      }
      verified.push_back({i, line, time});
    }
  }
  if (verified.empty()) return Invalid("note: no signature of a known key");
  return verified;
}

}  // namespace plasm::tlog
