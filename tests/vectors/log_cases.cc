#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/base64.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/utc_time.h"
#include "case_runners.h"
#include "tlog/checkpoint.h"
#include "tlog/logged_entry.h"
#include "tlog/merkle.h"
#include "tlog/note.h"
#include "tlog/policy.h"
#include "tlog/tile.h"
#include "tlog/tile_tree.h"

namespace plasm::vectors {
namespace {

using tlog::Hash;

Hash ToHash(const Bytes& bytes) {
  Hash hash;
  if (bytes.size() != Hash::kSize) throw std::runtime_error("a hash that has not 32 bytes");
  std::ranges::copy(bytes, hash.bytes.begin());
  return hash;
}

std::vector<Hash> Hashes(CaseFields& fields) {
  std::vector<Hash> hashes;
  for (const std::string& text : fields.Texts("hashes")) {
    hashes.push_back(ToHash(Need(DecodeBase64(text))));
  }
  return hashes;
}

Hash LeafOf(std::uint64_t index) {
  return tlog::LeafHash(AsBytes("entry " + std::to_string(index) + "\n"));
}

std::vector<tlog::VerifierKey> Keys(const std::vector<std::string>& vkeys) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& vkey : vkeys) keys.push_back(Need(tlog::VerifierKey::FromText(vkey)));
  return keys;
}

// Two ways to the root: from all leaves, and from the tiles' edge.
void RunRoot(CaseFields& fields) {
  const std::uint64_t size = fields.Number("size");
  const Hash root = ToHash(fields.Base64("root"));
  std::vector<Hash> leaves;
  tlog::TileEdge edge;
  for (std::uint64_t i = 0; i < size; ++i) {
    leaves.push_back(LeafOf(i));
    edge.Append(leaves.back(), [](unsigned, std::uint64_t, const tlog::TileTree&) {});
  }
  EXPECT_EQ(tlog::RootOfLeaves(leaves), root);
  EXPECT_EQ(edge.Root(), root);
}

void ExpectOutcome(const Result<void>& found, bool valid) {
  EXPECT_EQ(found.has_value(), valid) << (found ? "" : found.error().message);
}

void RunInclusion(CaseFields& fields) {
  const std::uint64_t index = fields.Decimal("index");
  const std::uint64_t size = fields.Decimal("size");
  const Hash leaf = ToHash(fields.Base64("leaf_hash"));
  const Hash root = ToHash(fields.Base64("root"));
  ExpectOutcome(tlog::VerifyInclusion(leaf, index, {size, root}, Hashes(fields)),
                fields.Boolean("valid"));
}

void RunConsistency(CaseFields& fields) {
  const tlog::TreeHead older{fields.Decimal("old_size"), ToHash(fields.Base64("old_root"))};
  const tlog::TreeHead newer{fields.Decimal("size"), ToHash(fields.Base64("root"))};
  ExpectOutcome(tlog::VerifyConsistency(older, newer, Hashes(fields)), fields.Boolean("valid"));
}

void RunVkey(CaseFields& fields) {
  const std::string vkey = fields.Text("vkey");
  const bool valid = fields.Boolean("valid");
  const auto key = tlog::VerifierKey::FromText(vkey);
  ASSERT_EQ(key.has_value(), valid) << (key ? "" : key.error().message);
  if (!valid) return;
  EXPECT_EQ(key->name, fields.Text("name_text"));
  std::array<std::byte, 4> id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = std::byte(key->Id() >> (24 - 8 * i) & 0xff);
  EXPECT_EQ(EncodeHex(id), fields.Text("key_id"));
  EXPECT_EQ(static_cast<std::uint64_t>(key->type), fields.Number("type"));
  EXPECT_EQ(key->key.ToHex(), fields.Text("public_key"));
  EXPECT_EQ(key->ToText(), vkey);
}

bool IsOfKey(const tlog::NoteSignature& line, const std::vector<tlog::VerifierKey>& known) {
  return std::ranges::any_of(known, [&line](const tlog::VerifierKey& key) {
    return key.name == line.name && key.Id() == line.key_id;
  });
}

// What VerifyNote found; it does not tell from each other why a note is worth nothing.
std::string OutcomeOf(const tlog::Note& note, const std::vector<tlog::VerifierKey>& known,
                      std::vector<tlog::VerifiedSignature>& verified) {
  auto found = tlog::VerifyNote(note, known);
  if (found) {
    verified = *std::move(found);
    return "verified";
  }
  const bool by_known = std::ranges::any_of(
      note.signatures, [&known](const auto& line) { return IsOfKey(line, known); });
  return by_known ? "refused" : "unsigned";
}

void RunNote(CaseFields& fields) {
  const Bytes bytes = fields.TextOrBase64("note");
  const auto known = Keys(fields.Texts("verifiers"));
  const std::string outcome = fields.Text("outcome");
  const auto note = tlog::ParseNote(bytes);
  ASSERT_EQ(!note, outcome == "malformed") << (note ? "" : note.error().message);
  if (!note) return;
  EXPECT_EQ(tlog::SerializeNote(*note), AsText(bytes));
  std::vector<tlog::VerifiedSignature> verified;
  ASSERT_EQ(OutcomeOf(*note, known, verified), outcome);
  if (outcome != "verified") return;
  std::vector<std::string> signers;
  for (const auto& signature : verified) {
    const std::string& name = known[signature.key].name;
    if (std::ranges::find(signers, name) == signers.end()) signers.push_back(name);
  }
  EXPECT_EQ(signers, fields.Texts("signers"));
}

void RunCheckpoint(CaseFields& fields) {
  const std::string text = fields.Text("text");
  const bool valid = fields.Boolean("valid");
  const auto checkpoint = tlog::Checkpoint::FromText(text);
  ASSERT_EQ(checkpoint.has_value(), valid) << (checkpoint ? "" : checkpoint.error().message);
  if (!valid) return;
  EXPECT_EQ(checkpoint->origin, fields.Text("origin"));
  EXPECT_EQ(checkpoint->head.size, fields.Decimal("size"));
  EXPECT_EQ(checkpoint->head.root, ToHash(fields.Base64("root")));
  EXPECT_EQ(checkpoint->extensions, fields.Texts("extensions"));
  EXPECT_EQ(checkpoint->Text(), text);
}

void RunCosignature(CaseFields& fields) {
  const std::string text = fields.Text("text");
  const auto lines = Need(tlog::ParseSignatureLines(AsBytes(fields.Text("line"))));
  const auto witness = Keys({fields.Text("witness")});
  const std::string outcome = fields.Text("outcome");
  std::vector<tlog::VerifiedSignature> verified;
  ASSERT_EQ(OutcomeOf({text, lines}, witness, verified), outcome);
  if (outcome != "verified") return;
  ASSERT_EQ(verified.size(), 1U);
  EXPECT_EQ(verified[0].time, fields.Decimal("time"));
}

std::string OutcomeName(tlog::LoggedEntryStatus status) {
  switch (status) {
    case tlog::LoggedEntryStatus::kLogged:
      return "right";
    case tlog::LoggedEntryStatus::kBadLogProof:
      return "BAD_LOG_PROOF";
    case tlog::LoggedEntryStatus::kNotWitnessed:
      return "NOT_WITNESSED";
  }
  return "unknown";
}

void RunProof(CaseFields& fields) {
  const Bytes proof = fields.TextOrBase64("proof");
  const Bytes entry = fields.TextOrBase64("entry");
  const std::string origin = fields.Text("origin");
  const auto log = Keys({fields.Text("log")});
  std::optional<tlog::Policy> policy;
  if (const auto bytes = fields.OptionalBytes("policy")) policy = Need(tlog::Policy::Parse(*bytes));
  const std::uint64_t now = Need(UtcTime::Parse(fields.Text("now"))).milliseconds / 1000;
  const auto check = tlog::CheckLoggedEntry(entry, proof, {origin, {log[0].key}},
                                            policy ? &*policy : nullptr, now);
  EXPECT_EQ(OutcomeName(check.status), fields.Text("outcome")) << check.reason;
}

void RunPolicy(CaseFields& fields) {
  const bool valid = fields.Boolean("valid");
  const auto policy = tlog::Policy::Parse(fields.TextOrBase64("policy"));
  ASSERT_EQ(policy.has_value(), valid) << (policy ? "" : policy.error().message);
  if (!valid) return;
  for (CaseFields& quorum : fields.Objects("quorum")) {
    std::vector<bool> cosigned(policy->witnesses().size());
    const auto names = quorum.Texts("witnesses");
    for (const std::string& name : names) {
      const auto found = std::ranges::find(policy->witnesses(), name, &tlog::PolicyWitness::name);
      ASSERT_NE(found, policy->witnesses().end()) << name;
      cosigned[static_cast<std::size_t>(found - policy->witnesses().begin())] = true;
    }
    EXPECT_EQ(policy->QuorumReached(cosigned), quorum.Boolean("satisfied"))
        << ::testing::PrintToString(names);
    quorum.End();
  }
}

void RunTilePath(CaseFields& fields) {
  tlog::TileName name;
  const JsonNode level = fields.Node("level");
  if (level.IsString()) {
    ASSERT_EQ(std::get<std::string>(level.value().v), "entries");
    name.kind = tlog::TileKind::kEntries;
  } else {
    name.level = static_cast<unsigned>(Need(level.AsUint(tlog::kMaxTileLevel)));
  }
  name.index = fields.Decimal("index");
  name.width = static_cast<unsigned>(fields.Number("width"));
  const std::string path = fields.Text("path");
  EXPECT_EQ(name.Path(), path);
  const auto parsed = tlog::TileName::FromPath(path);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, name);
}

void RunTiles(CaseFields& fields) {
  const std::uint64_t size = fields.Decimal("size");
  auto levels = fields.Objects("levels");
  ASSERT_EQ(tlog::TileLevels(size), levels.size());
  for (unsigned i = 0; i < levels.size(); ++i) {
    ASSERT_EQ(levels[i].Number("level"), i);
    const JsonNode node = levels[i].Node("full");
    const std::uint64_t full = node.IsString()
                                   ? Need(ParseDecimal(std::get<std::string>(node.value().v)))
                                   : Need(node.AsUint());
    if (full > 0) {
      EXPECT_EQ(tlog::TileWidthAt(i, full - 1, size), tlog::kTileWidth);
    }
    EXPECT_EQ(tlog::TileWidthAt(i, full, size), levels[i].Number("partial_width"));
    EXPECT_EQ(tlog::TileWidthAt(i, full + 1, size), 0U);
    levels[i].End();
  }
}

void RunTile(CaseFields& fields) {
  const std::uint64_t size = fields.Decimal("size");
  const auto level = static_cast<unsigned>(fields.Number("level"));
  const std::uint64_t index = fields.Decimal("index");
  const std::uint64_t width = fields.Number("width");
  const Bytes expected = fields.Base64("tile_base64");
  std::map<std::pair<unsigned, std::uint64_t>, Bytes> full;
  tlog::TileEdge edge;
  for (std::uint64_t i = 0; i < size; ++i) {
    edge.Append(LeafOf(i), [&full](unsigned at, std::uint64_t which, const tlog::TileTree& tile) {
      full[{at, which}] = tile.Serialize();
    });
  }
  EXPECT_EQ(tlog::TileWidthAt(level, index, size), width);
  const Bytes found =
      width == tlog::kTileWidth ? full[std::pair(level, index)] : edge.At(level).Serialize();
  EXPECT_EQ(found, expected);
}

// The entries of a bundle that is the tile's.
Result<std::vector<ByteView>> EntriesOf(ByteView bundle, ByteView tile, unsigned width) {
  PLASM_TRY(const std::vector<Hash> hashes, tlog::ParseTile(tile, width));
  PLASM_TRY(std::vector<ByteView> entries, tlog::ParseEntryBundle(bundle, width));
  if (!std::ranges::equal(entries, hashes, {}, tlog::LeafHash)) {
    return Error{ErrorCode::kInvalid, "an entry is not the tile's"};
  }
  return entries;
}

void RunBundle(CaseFields& fields) {
  const Bytes bundle = fields.Base64("bundle_base64");
  const Bytes tile = fields.Base64("tile_base64");
  const auto width = static_cast<unsigned>(fields.Number("width"));
  const bool valid = fields.Boolean("valid");
  const auto entries = EntriesOf(bundle, tile, width);
  ASSERT_EQ(entries.has_value(), valid) << (entries ? "" : entries.error().message);
  if (!valid) return;
  std::vector<std::string> found;
  Bytes again;
  for (const ByteView entry : *entries) {
    found.push_back(EncodeBase64(entry));
    tlog::AppendToBundle(again, entry);
  }
  EXPECT_EQ(found, fields.Texts("entries_base64"));
  EXPECT_EQ(again, bundle);
}

}  // namespace

void RunLogCase(CaseFields& fields) {
  static const std::map<std::string, void (*)(CaseFields&), std::less<>> kKinds = {
      {"bundle", RunBundle},
      {"checkpoint", RunCheckpoint},
      {"consistency", RunConsistency},
      {"cosignature", RunCosignature},
      {"inclusion", RunInclusion},
      {"note", RunNote},
      {"policy", RunPolicy},
      {"proof", RunProof},
      {"root", RunRoot},
      {"tile", RunTile},
      {"tile-path", RunTilePath},
      {"tiles", RunTiles},
      {"vkey", RunVkey}};
  const std::string kind = fields.Text("kind");
  const auto run = kKinds.find(kind);
  ASSERT_NE(run, kKinds.end()) << "unknown kind " << kind;
  run->second(fields);
}

}  // namespace plasm::vectors
