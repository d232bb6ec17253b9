<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\LegacyReceipt;
use Plasm\Document\ReceiptV2;
use Plasm\Exception\MalformedException;
use Plasm\Verdict;

/** The verdict on a receipt (spec/receipt.md section 8, but for running the job again). Pure. */
final class Verifier
{
    /** Never throws for what is wrong with a receipt: that is the verdict. */
    public static function verify(Evidence $evidence): Verification
    {
        try {
            return (new V2Verification($evidence, ReceiptV2::parse($evidence->receipt)))->run();
        } catch (MalformedException $notV2) {
        }
        try {
            $legacy = LegacyReceipt::parse($evidence->receipt);
        } catch (MalformedException) {
            return new Verification(Verdict::Malformed, $notV2->getMessage());
        }
        $refusal = self::legacy($evidence, $legacy);

        return new Verification(
            $refusal?->verdict ?? Verdict::ValidLegacyUnbound,
            $refusal?->reason ?? '',
            legacy: $legacy,
        );
    }

    /** A receipt v0.1 answers for its own few fields: who asks for more is told so. */
    private static function legacy(Evidence $evidence, LegacyReceipt $receipt): ?Refusal
    {
        return match (true) {
            !$receipt->isSignedByItsKey() => new Refusal(
                Verdict::BadSignature,
                'the signature is not that of the key which it names',
            ),
            $evidence->key === null => new Refusal(
                Verdict::UnknownKey,
                'a receipt v0.1 names no node: the key has to be given',
            ),
            !$evidence->key->equals($receipt->key) => new Refusal(
                Verdict::WrongKey,
                "it names the key {$receipt->key->hex()}, given was {$evidence->key->hex()}",
            ),
            $evidence->policy !== null => new Refusal(Verdict::NotLogged, 'a receipt v0.1 is in no log'),
            $evidence->manifest !== null || $evidence->nonce !== null => new Refusal(
                Verdict::WrongJob,
                'a receipt v0.1 names no manifest and no nonce',
            ),
            $evidence->outputs !== [] => new Refusal(Verdict::WrongOutput, 'a receipt v0.1 names no outputs'),
            default => null,
        };
    }
}
