#include "discovery/selection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

trust::Capabilities SomeNode() {
  trust::Capabilities node = trust::testing::ExampleCard().capabilities;
  node.cores = 8;
  node.memory_mib = 16'384;
  node.cpu = {"avx2"};
  node.policy = trust::SubmitPolicy::kInvitation;
  return node;
}

bool Holds(std::string_view text, const trust::Capabilities& node) {
  const auto selection = Selection::Parse(text);
  EXPECT_TRUE(selection) << text;
  return selection && Matches(*selection, node);
}

TEST(SelectionTest, TermsHoldOfWhatTheCardSays) {
  for (const char* text : {"", "arch=x86_64", "engine=wasmtime-48", "profile=live", "cpu=avx2",
                           "policy=invitation", "label.zone=north", "label=gpu", "cores>=8",
                           "memory-mib>=1", "arch=x86_64,label.zone=north,cores>=2"}) {
    EXPECT_TRUE(Holds(text, SomeNode())) << text;
  }
  for (const char* text : {"arch=aarch64", "engine=wasmtime", "profile=l", "cpu=avx", "policy=open",
                           "label.zone=south", "label=zon", "cores>=9", "memory-mib>=16385",
                           "arch=x86_64,label.zone=south"}) {
    EXPECT_FALSE(Holds(text, SomeNode())) << text;
  }
}

TEST(SelectionTest, NothingHoldsOfWhatTheCardDoesNotSay) {
  const trust::Capabilities node = trust::testing::ExampleCard().capabilities;
  for (const char* text : {"cores>=1", "memory-mib>=0", "cpu=avx2", "policy=open"}) {
    EXPECT_FALSE(Holds(text, node)) << text;
  }
}

TEST(SelectionTest, SaysWhichTermDoesNotHold) {
  EXPECT_EQ(FirstMismatch(*Selection::Parse("arch=x86_64,cores>=9,label=x"), SomeNode()),
            "cores>=9");
}

TEST(SelectionTest, MistakesAreNamed) {
  for (const char* text :
       {"arch", "arch=", "=x", "gpu=yes", "cores=4", "cores>4", "cores>=", "cores>=-1",
        "cores>=4.5", "label.=x", "label.k=", "label.k", "policy=all", "arch=x,", ",arch=x",
        "arch=x,,arch=y", "arch=a\x1b", " arch=x"}) {
    EXPECT_FALSE(Selection::Parse(text)) << text;
  }
  std::string many = "arch=x";
  for (int i = 0; i < 32; ++i) many += ",arch=x";
  EXPECT_FALSE(Selection::Parse(many));
  EXPECT_FALSE(Selection::Parse("arch=" + std::string(256, 'x')));
}

TEST(SelectionTest, IsWrittenAsItIsRead) {
  const std::string text = "arch=x86_64,label=gpu,label.a=b=c,cores>=4,memory-mib>=1,policy=open";
  EXPECT_EQ(Selection::Parse(text)->ToString(), text);
}

TEST(SelectionTest, ANodeIsFoundUnderTheKeysItIsAnnouncedUnder) {
  const auto announced = CapabilitiesOf(SomeNode());
  for (const char* text : {"", "arch=x86_64", "engine=wasmtime-48", "label.zone=north", "label=gpu",
                           "cores>=4", "label.zone=north,arch=x86_64"}) {
    for (const std::string& capability : CapabilitiesToAsk(*Selection::Parse(text))) {
      EXPECT_NE(std::ranges::find(announced, capability), announced.end()) << text;
    }
  }
  EXPECT_EQ(CapabilitiesToAsk(*Selection::Parse("arch=a,label.gpu=yes")),
            std::vector<std::string>{"label.gpu=yes"})
      << "the rarest is asked for";
}

}  // namespace
}  // namespace plasm::discovery
