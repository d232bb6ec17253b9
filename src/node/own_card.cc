#include "node/own_card.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "base/system_error.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "execution/runtime.h"

namespace plasm::node {
namespace {

constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::uint64_t kCardLifeMs = 90 * kDayMs;
constexpr std::uint64_t kRenewBeforeMs = 30 * kDayMs;  // of the card's end
// A key has no end until a new card gives it one.
constexpr UtcTime kNoEnd{253'402'300'799'999};  // 9999-12-31T23:59:59.999Z

bool IsCurrent(const trust::NodeKey& key, const CurrentKeys& keys) {
  return (key.use == trust::KeyUse::kReceipt && key.key == keys.receipt) ||
         (key.use == trust::KeyUse::kLog && key.key == keys.log) ||
         (key.use == trust::KeyUse::kTls && key.key == keys.tls);
}

bool Lists(const trust::NodeCard& card, const crypto::PublicKey& key) {
  return std::ranges::find(card.keys, key, &trust::NodeKey::key) != card.keys.end();
}

std::size_t LogsOf(const trust::NodeCard& card) {
  return static_cast<std::size_t>(
      std::ranges::count(card.keys, trust::KeyUse::kLog, &trust::NodeKey::use));
}

// What the next card has to say.
CardFacts FactsOfNext(const std::optional<trust::NodeCard>& last, const CardFacts& given) {
  CardFacts facts = given;
  if (!last || given.from == FactsFrom::kConfiguration) return facts;
  facts.name = last->name;
  facts.endpoints = last->endpoints;
  // All but what this program is built with.
  trust::Capabilities capabilities = last->capabilities;
  capabilities.engine = given.capabilities.engine;
  capabilities.arch = given.capabilities.arch;
  capabilities.profiles = given.capabilities.profiles;
  facts.capabilities = std::move(capabilities);
  return facts;
}

bool SaysEverything(const trust::NodeCard& card, const CurrentKeys& keys, const CardFacts& facts,
                    UtcTime now) {
  const bool others_ended = std::ranges::all_of(card.keys, [&](const trust::NodeKey& key) {
    return IsCurrent(key, keys) || key.to != kNoEnd;
  });
  return others_ended && Lists(card, keys.receipt) && Lists(card, keys.log) &&
         (!keys.tls || Lists(card, *keys.tls)) && card.name == facts.name &&
         card.endpoints == facts.endpoints && card.capabilities == facts.capabilities &&
         card.expires.milliseconds >= now.milliseconds + kRenewBeforeMs;
}

Result<void> CheckKeyInUse(const trust::NodeCard& card, const crypto::PublicKey& key) {
  const auto listed = std::ranges::find(card.keys, key, &trust::NodeKey::key);
  if (listed == card.keys.end()) return {};  // a new one
  const bool revoked =
      std::ranges::find(card.revoked, key, &trust::RevokedKey::key) != card.revoked.end();
  if (!revoked && listed->to == kNoEnd) return {};
  const std::string use(trust::KeyUseName(listed->use));
  return Error{ErrorCode::kConflict,
               "version " + std::to_string(card.version) + " of this node's card has " +
                   (revoked ? "revoked" : "ended") + " the " + use + " key " +
                   crypto::Fingerprint(key) + ", which signs nothing any more: plasmd key rotate " +
                   use};
}

Result<void> CheckOnDisk(const std::filesystem::path& key_file, const crypto::PublicKey& key) {
  PLASM_TRY(const crypto::SigningKey there, crypto::LoadSigningKey(key_file));
  if (there.public_key() == key) return {};
  return Error{ErrorCode::kUnavailable, key_file.string() + ": the key was replaced meanwhile"};
}

bool WaitForLock(int fd) {
  while (flock(fd, LOCK_EX) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

}  // namespace

CardFacts PlainFacts(const crypto::PublicKey& identity, std::string_view engine_version) {
  return {.name = "node-" + identity.ToHex().substr(0, 8),
          .endpoints = {},
          .capabilities = {.engine = "wasmtime-" + std::string(engine_version.substr(
                                                       0, engine_version.find('.'))),
                           .arch = std::string(execution::MachineArch()),
                           .profiles = {"plasm-det-1", "live"},
                           .labels = {}},
          .from = FactsFrom::kLastCard};
}

std::string LogOrigin(const crypto::PublicKey& identity, std::size_t number) {
  constexpr std::size_t kDigits = 32;
  const std::string name = "plasm.invalid/" + Sha256Of(identity.bytes).ToHex().substr(0, kDigits);
  return number <= 1 ? name : name + "/" + std::to_string(number);
}

std::optional<trust::NodeCard> NextCard(const std::optional<trust::NodeCard>& last,
                                        const CurrentKeys& keys, const CardFacts& given,
                                        UtcTime now) {
  const CardFacts facts = FactsOfNext(last, given);
  if (last && SaysEverything(*last, keys, facts, now)) return std::nullopt;
  trust::NodeCard card = last.value_or(trust::NodeCard{});
  card.version = last ? last->version + 1 : 1;
  card.identity = keys.identity;
  card.name = facts.name;
  card.endpoints = facts.endpoints;
  card.capabilities = facts.capabilities;
  card.issued = now;
  card.expires = {now.milliseconds + kCardLifeMs};
  for (trust::NodeKey& key : card.keys) {
    // A clock that was set back must not end a key before it began.
    if (!IsCurrent(key, keys) && key.to == kNoEnd) key.to = std::max(now, key.from);
  }
  if (!Lists(card, keys.receipt)) {
    card.keys.push_back({trust::KeyUse::kReceipt, keys.receipt, now, kNoEnd, ""});
  }
  if (!Lists(card, keys.log)) {
    card.keys.push_back(
        {trust::KeyUse::kLog, keys.log, now, kNoEnd, LogOrigin(keys.identity, LogsOf(card) + 1)});
  }
  if (keys.tls && !Lists(card, *keys.tls)) {
    card.keys.push_back({trust::KeyUse::kTls, *keys.tls, now, kNoEnd, ""});
  }
  return card;
}

Result<void> CheckKeysInUse(const trust::NodeCard& card, const CurrentKeys& keys) {
  PLASM_TRY_VOID(CheckKeyInUse(card, keys.receipt));
  if (keys.tls) PLASM_TRY_VOID(CheckKeyInUse(card, *keys.tls));
  return CheckKeyInUse(card, keys.log);
}

Result<trust::NodeCard> CardRevoking(const trust::NodeCard& last, const Revocation& revocation,
                                     UtcTime now) {
  const std::string& fingerprint = revocation.fingerprint;
  const auto has_fingerprint = [&fingerprint](const auto& key) {
    return crypto::Fingerprint(key.key) == fingerprint;
  };
  const auto key = std::ranges::find_if(last.keys, has_fingerprint);
  if (key == last.keys.end()) {
    return Error{ErrorCode::kNotFound, "the card lists no key " + Quote(fingerprint)};
  }
  if (std::ranges::any_of(last.revoked, has_fingerprint)) {
    return Error{ErrorCode::kConflict, "the key " + fingerprint + " is revoked already"};
  }
  trust::NodeCard card = last;
  ++card.version;
  card.issued = now;
  card.expires = {now.milliseconds + kCardLifeMs};
  card.revoked.push_back({key->key, revocation.at, revocation.log_size});
  return card;
}

std::size_t LogNumberOf(const trust::NodeCard& card, const crypto::PublicKey& log_key) {
  std::size_t number = 0;
  for (const trust::NodeKey& key : card.keys) {
    if (key.use != trust::KeyUse::kLog) continue;
    ++number;
    if (key.key == log_key) return number;
  }
  return 0;
}

Result<std::optional<IssuedCard>> OwnCard::Last() const {
  const auto bytes = ReadFile(path(), trust::kMaxCardBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::optional<IssuedCard>();
  if (!bytes) return bytes.error();
  auto opened = trust::OpenNodeCard(*bytes);
  if (!opened || opened->card.identity != keys_.identity.public_key()) {
    return Error{ErrorCode::kCorrupt,
                 path().string() + ": not a card of this node" +
                     (opened ? std::string(": it names another identity key")
                             : ": " + opened.error().message) +
                     ". Restore it: a card with a smaller version is not believed. Whoever "
                     "trusts this node has a copy in the folder cards"};
  }
  return std::optional(IssuedCard{std::move(opened->card), std::string(AsText(*bytes))});
}

Result<IssuedCard> OwnCard::Issue(trust::NodeCard card) const {
  PLASM_TRY(std::string envelope, trust::SignNodeCard(card, keys_.identity));
  PLASM_TRY_VOID(WriteFileAtomically(path(), AsBytes(envelope), {.mode = 0644}));
  return IssuedCard{std::move(card), std::move(envelope)};
}

CurrentKeys OwnCard::PublicKeys() const {
  return {keys_.identity.public_key(), keys_.receipt.public_key(), keys_.log.public_key(),
          keys_.tls ? std::optional(keys_.tls->public_key()) : std::nullopt};
}

Result<std::size_t> OwnCard::NumberOfNewLog() const {
  PLASM_TRY(const std::optional<IssuedCard> last, Last());
  if (!last) return std::size_t{1};
  if (Lists(last->card, keys_.log.public_key())) return std::size_t{0};
  return LogsOf(last->card) + 1;
}

Result<UniqueFd> OwnCard::LockToWrite() const {
  PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  const auto file = folder_ / "card.lock";
  UniqueFd lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock || !WaitForLock(lock.get())) return SystemError(errno, file.string());
  // Keys change under this lock only. A card made with keys of yesterday would end those of today.
  PLASM_TRY_VOID(CheckOnDisk(ReceiptKeyPath(folder_), keys_.receipt.public_key()));
  PLASM_TRY_VOID(CheckOnDisk(LogKeyPath(folder_), keys_.log.public_key()));
  if (keys_.tls) PLASM_TRY_VOID(CheckOnDisk(TlsKeyPath(folder_), keys_.tls->public_key()));
  return lock;
}

Result<IssuedCard> OwnCard::Current() const {
  // Most of the time there is nothing to write, and so nothing to wait for.
  PLASM_TRY(auto last, Last());
  const auto next = [this](const std::optional<IssuedCard>& card) {
    return NextCard(card ? std::optional(card->card) : std::nullopt, PublicKeys(), facts_, Now());
  };
  UniqueFd lock;
  if (next(last)) {
    PLASM_TRY(lock, LockToWrite());
    PLASM_TRY(last, Last());
  }
  if (last) PLASM_TRY_VOID(CheckKeysInUse(last->card, PublicKeys()));
  auto card = next(last);
  if (!card) return *std::move(last);
  return Issue(*std::move(card));
}

Result<IssuedCard> OwnCard::Revoke(const Revocation& revocation) const {
  PLASM_TRY(const UniqueFd lock, LockToWrite());
  PLASM_TRY(const std::optional<IssuedCard> last, Last());
  if (!last) return Error{ErrorCode::kNotFound, "this node has issued no card yet"};
  PLASM_TRY(trust::NodeCard card, CardRevoking(last->card, revocation, Now()));
  return Issue(std::move(card));
}

Result<void> OwnCard::ReplaceKey(const std::filesystem::path& key_file,
                                 const crypto::PublicKey& old_key, const CurrentKeys& after) const {
  PLASM_TRY(const UniqueFd lock, LockToWrite());
  PLASM_TRY(const std::optional<IssuedCard> last, Last());
  if (last) {
    // A full card, which can't list another key, must show before the key is replaced.
    const auto next = NextCard(last->card, after, facts_, Now());
    if (next) PLASM_TRY_VOID(trust::SignNodeCard(*next, keys_.identity));
  }
  return PutInPlace(key_file, old_key);
}

}  // namespace plasm::node
