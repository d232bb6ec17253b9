#include "tlog/note.h"

#include <gtest/gtest.h>

#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

using testing::Key;

constexpr std::string_view kPublishedKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kPublishedNote =
    "This is an example message.\n\n"
    "\xe2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ineya"
    "QM=\n";

VerifierKey KeyOf(std::string name, const crypto::SigningKey& key) {
  return {std::move(name), SignatureType::kEd25519, key.public_key()};
}

Note Signed(std::string text, const std::string& name, const crypto::SigningKey& key) {
  return {text, {SignNote(text, name, key)}};
}

TEST(NoteTest, VerifiesThePublishedExample) {
  const auto key = VerifierKey::FromText(kPublishedKey);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->Id(), 0x530d903aU);
  EXPECT_EQ(key->ToText(), kPublishedKey);
  const auto note = ParseNote(AsBytes(kPublishedNote));
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_TRUE(VerifyNote(*note, std::vector{*key}));
  EXPECT_EQ(SerializeNote(*note), kPublishedNote);
}

TEST(NoteTest, SplitsAtTheLastEmptyLine) {
  const auto note = ParseNote(AsBytes("a\n\nb\n\n\xe2\x80\x94 n AAAAAAA=\n"));
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, "a\n\nb\n");
  EXPECT_EQ(note->signatures, (std::vector<NoteSignature>{{"n", 0, {std::byte{0}}}}));
}

TEST(NoteTest, RefusesWhatIsNoNote) {
  const std::string line = "\xe2\x80\x94 n AAAAAAA=\n";
  ASSERT_TRUE(ParseNote(AsBytes("text\n\n" + line)));
  for (const std::string& bad : {
           std::string(),
           std::string("\n"),
           std::string("text\n"),
           "text\n" + line,
           std::string("text\n\n"),
           "text\n\n" + line + "\n",
           "text\n\n" + line + "more\n",
           "text\n\n" + line.substr(0, line.size() - 1),
           "te\rxt\n\n" + line,
           "te\xff"
           "xt\n\n" +
               line,
           std::string("te\0xt\n\n", 7) + line,
           std::string("text\n\n\xe2\x80\x94 n AAAAAA==\n"),   // a key id and no signature
           std::string("text\n\n\xe2\x80\x94 n AAAAAAB=\n"),   // bits that belong to nothing
           std::string("text\n\n\xe2\x80\x94 n  AAAAAAA=\n"),  // two blanks
           std::string("text\n\n\xe2\x80\x94 n AAAAAAA= \n"),
           std::string("text\n\n\xe2\x80\x94  AAAAAAA=\n"),
           std::string("text\n\n\xe2\x80\x94 a+b AAAAAAA=\n"),
           std::string("text\n\n\xe2\x80\x94 a\xe2\x80\xa8z AAAAAAA=\n"),
           std::string("text\n\n- n AAAAAAA=\n"),
       }) {
    EXPECT_FALSE(ParseNote(AsBytes(bad))) << bad;
  }
}

TEST(NoteTest, TakesSixteenLargeSignaturesButNotAnyNumber) {
  const std::string large = SerializeSignatureLine({"name", 1, Bytes(5'000, std::byte{1})});
  std::string text = "text\n\n";
  for (int i = 0; i < 16; ++i) text += large;
  EXPECT_TRUE(ParseNote(AsBytes(text)));
  text = "text\n\n";
  for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) text += "\xe2\x80\x94 n AAAAAAA=\n";
  EXPECT_TRUE(ParseNote(AsBytes(text)));
  text += "\xe2\x80\x94 n AAAAAAA=\n";
  EXPECT_EQ(ParseNote(AsBytes(text)).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(ParseNote(AsBytes(std::string(kMaxNoteBytes + 1, 'a'))).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(NoteTest, RefusesVerifierKeysInAnyOtherForm) {
  for (const std::string bad :
       {"", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
        "example.com/foo+530d903a+", "example.com/foo+530d903a", "example.com/foo",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
        "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    EXPECT_FALSE(VerifierKey::FromText(bad)) << bad;
  }
}

TEST(NoteTest, IgnoresUnknownSignatures) {
  const auto known = Key(1);
  Note note = Signed("text\n", "known", known);
  // The name alone, the id alone, neither.
  note.signatures.push_back({"known", 7, {std::byte{1}}});
  note.signatures.push_back({"other", note.signatures[0].key_id, {std::byte{1}}});
  note.signatures.push_back({"other", 7, {std::byte{1}}});
  const auto verified = VerifyNote(note, std::vector{KeyOf("known", known)});
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->size(), 1U);
  EXPECT_FALSE(VerifyNote(note, std::vector{KeyOf("stranger", Key(2))}));
  EXPECT_FALSE(VerifyNote(note, {}));
}

TEST(NoteTest, RefusesTheWholeNoteWhenAKnownKeysLineDoesNotVerify) {
  const auto good = Key(1);
  const auto bad = Key(2);
  Note note = Signed("text\n", "good", good);
  note.signatures.push_back(SignNote("another text\n", "bad", bad));
  EXPECT_TRUE(VerifyNote(note, std::vector{KeyOf("good", good)}));
  EXPECT_FALSE(VerifyNote(note, std::vector{KeyOf("good", good), KeyOf("bad", bad)}));
  note.signatures[1].signature.resize(63);
  EXPECT_FALSE(VerifyNote(note, std::vector{KeyOf("good", good), KeyOf("bad", bad)}));
}

TEST(NoteTest, ASecondLineOfTheSameKeyMustVerifyToo) {
  const auto key = Key(1);
  Note note = Signed("text\n", "name", key);
  note.signatures.push_back(note.signatures.front());
  const auto verified = VerifyNote(note, std::vector{KeyOf("name", key)});
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->size(), 2U);
  EXPECT_EQ((*verified)[1].key, 0U);
  note.signatures[1].signature[0] ^= std::byte{1};
  EXPECT_FALSE(VerifyNote(note, std::vector{KeyOf("name", key)}));
}

TEST(NoteTest, TheSameNameWithAnotherKeyIsUnknown) {
  const Note note = Signed("text\n", "name", Key(1));
  EXPECT_FALSE(VerifyNote(note, std::vector{KeyOf("name", Key(2))}));
}

TEST(NoteTest, ReadsSignatureLinesAlone) {
  const auto line = SignNote("text\n", "name", Key(1));
  const std::string text = SerializeSignatureLine(line) + SerializeSignatureLine(line);
  const auto lines = ParseSignatureLines(AsBytes(text));
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, (std::vector{line, line}));
  EXPECT_FALSE(ParseSignatureLines(AsBytes(text + "\n")));
  EXPECT_TRUE(ParseSignatureLines({})->empty());
}

}  // namespace
}  // namespace plasm::tlog
