// Signed notes (C2SP signed-note): text, and lines that say who signed it. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/key_name.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace plasm::tlog {

inline constexpr std::size_t kMaxNoteBytes = 256 * 1024;  // 16 post-quantum signatures fit
inline constexpr std::size_t kMaxNoteSignatures = 100;

enum class SignatureType : std::uint8_t {
  kEd25519 = 0x01,      // over the text
  kCosignature = 0x04,  // cosignature/v1: over the text and a time
};

// A key that one may come to know ("vkey").
struct VerifierKey {
  std::string name;
  SignatureType type = SignatureType::kEd25519;
  crypto::PublicKey key;

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

  // The first 32 bits of SHA-256(name || "\n" || type || key).
  std::uint32_t Id() const;

  // "<name>+<id in hex>+<base64 of type and key>".
  std::string ToText() const;
  // kInvalid for anything else: a type that is not above, an id that is not the key's, a name
  // that is no key name or has more than kMaxKeyNameBytes.
  static Result<VerifierKey> FromText(std::string_view text);
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // not empty

  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// Well-formed; nothing is known yet about who signed it.
struct Note {
  std::string text;  // ends in a line feed
  std::vector<NoteSignature> signatures;

  friend bool operator==(const Note&, const Note&) = default;
};

// kInvalid for everything that is not a note with at least one signature line, all of them of
// the right form; kLimitExceeded above the limits.
Result<Note> ParseNote(ByteView bytes);

// Gives back the bytes that ParseNote took.
std::string SerializeNote(const Note& note);

// Signature lines alone, each with its line feed: what a witness answers. No line is no error.
Result<std::vector<NoteSignature>> ParseSignatureLines(ByteView bytes);
std::string SerializeSignatureLine(const NoteSignature& signature);

// An Ed25519 signature over the text, of type 0x01. The name is a key name.
NoteSignature SignNote(std::string_view text, std::string name, const crypto::SigningKey& key);

// A signature line that a known key has made.
struct VerifiedSignature {
  std::size_t key = 0;     // which of the known keys
  std::size_t line = 0;    // which of the note's signatures
  std::uint64_t time = 0;  // of a cosignature, in seconds since the epoch; otherwise 0
};

// All signatures of known keys, in the order of their lines. Lines whose name and id are not
// those of a known key are ignored. kInvalid when a known key's line does not verify (then the
// whole note is worth nothing) and when no known key has signed. A key may sign twice.
Result<std::vector<VerifiedSignature>> VerifyNote(const Note& note,
                                                  std::span<const VerifierKey> known);

}  // namespace plasm::tlog
