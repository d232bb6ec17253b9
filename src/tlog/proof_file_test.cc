#include "tlog/proof_file.h"

#include <gtest/gtest.h>

#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

const std::string kHash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

std::string Note() {
  return SignCheckpoint({"origin", {9, EmptyRoot()}, {}}, testing::Key(1)).Serialize();
}

TEST(ProofFileTest, ReadsBackWhatItWrites) {
  for (const std::size_t hashes : {0U, 1U, 63U}) {
    for (const Bytes& extra : {Bytes(), Bytes(3, std::byte{9})}) {
      const ProofFile file{extra, hashes, std::vector<Hash>(hashes, EmptyRoot()),
                           SignCheckpoint({"origin", {9, EmptyRoot()}, {}}, testing::Key(1))};
      const auto read = ProofFile::Parse(AsBytes(file.Serialize()));
      ASSERT_TRUE(read);
      EXPECT_EQ(*read, file);
    }
  }
}

TEST(ProofFileTest, HasTheFormOfTheSpecification) {
  const ProofFile file{Bytes(3), 8, {EmptyRoot()}, *SignedCheckpoint::Parse(AsBytes(Note()))};
  EXPECT_EQ(file.Serialize(),
            "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 8\n"
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n" +
                Note());
}

TEST(ProofFileTest, RefusesOtherForms) {
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  ASSERT_TRUE(ProofFile::Parse(AsBytes(first + "index 8\n" + kHash + "\n\n" + Note())));
  for (const std::string& bad : {
           std::string(),
           first,
           first + "index 8\n",
           first + "index 8\n" + Note(),
           first + "\n" + Note(),
           first + "index 8\n\n",
           first + "index 08\n\n" + Note(),
           first + "index -1\n\n" + Note(),
           first + "index  8\n\n" + Note(),
           first + "Index 8\n\n" + Note(),
           first + "index 18446744073709551616\n\n" + Note(),
           first + "index 8\nextra AAAA\n\n" + Note(),
           first + "extra \nindex 8\n\n" + Note(),
           first + "extra AA\nindex 8\n\n" + Note(),
           first + "extra AAAA\nextra AAAA\nindex 8\n\n" + Note(),
           first + "index 8\n" + kHash + " \n\n" + Note(),
           first + "index 8\n" + kHash.substr(4) + "\n\n" + Note(),
           first + "index 8\n\n\n" + Note(),
           first + "index 8\n\n" + Note() + "\n",
           "\n" + first + "index 8\n\n" + Note(),
           "c2sp.org/tlog-proof@v2\nindex 8\n\n" + Note(),
           "c2sp.org/tlog-proof@v1\r\nindex 8\n\n" + Note(),
       }) {
    EXPECT_FALSE(ProofFile::Parse(AsBytes(bad))) << bad;
  }
}

TEST(ProofFileTest, RefusesMoreHashesOrBytesThanAllowed) {
  std::string text = "c2sp.org/tlog-proof@v1\nindex 8\n";
  for (int i = 0; i < 64; ++i) text += kHash + "\n";
  EXPECT_EQ(ProofFile::Parse(AsBytes(text + "\n" + Note())).error().code,
            ErrorCode::kLimitExceeded);
  const std::string extra((kMaxProofFileBytes + 4) / 4 * 4, 'A');
  EXPECT_EQ(
      ProofFile::Parse(AsBytes("c2sp.org/tlog-proof@v1\nextra " + extra + "\nindex 8\n\n" + Note()))
          .error()
          .code,
      ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace plasm::tlog
