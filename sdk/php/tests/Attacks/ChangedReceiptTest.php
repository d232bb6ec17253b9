<?php

declare(strict_types=1);

namespace Plasm\Tests\Attacks;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Tests\Vectors\ReceiptVectorsTest;
use Plasm\Tests\Vectors\VectorFile;
use Plasm\Verdict;
use Plasm\Verify\Evidence;
use Plasm\Verify\Verifier;

/** Receipts with a change, by random bytes that are the same in every run, and by hand. */
final class ChangedReceiptTest extends TestCase
{
    private const CHANGES = 25;

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function valid(): iterable
    {
        foreach (VectorFile::cases('receipt') as $case) {
            if (in_array($case['verdict'], [Verdict::Valid->value, Verdict::ValidLegacyUnbound->value], true)) {
                yield $case['name'] => [$case];
            }
        }
    }

    public function testThereAreValidReceiptsToChange(): void
    {
        self::assertGreaterThanOrEqual(40, count(iterator_to_array(self::valid())));
    }

    /**
     * @dataProvider valid
     *
     * @param array<string, mixed> $case
     */
    public function testNoChangedByteOfThePayloadIsAccepted(array $case): void
    {
        mt_srand(5);
        $envelope = json_decode($case['receipt'], true, 16, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        if (!isset($envelope['payload'])) {
            foreach (['module_hash' => 'sha256:' . str_repeat('0', 64), 'exit_code' => 99, 'wall_time_ms' => 99,
                'timestamp' => 99, 'version' => '9.9', 'node_pubkey' => str_repeat('0', 64)] as $name => $value) {
                self::assertRefused($case, json_encode([$name => $value] + $envelope, JSON_THROW_ON_ERROR));
            }

            return;
        }
        $payload = (string) base64_decode(strtr($envelope['payload'], '-_', '+/'), true);
        for ($i = 0; $i < self::CHANGES; ++$i) {
            $changed = $payload;
            $at = mt_rand(0, strlen($payload) - 1);
            $changed[$at] = chr(ord($changed[$at]) ^ 1 << mt_rand(0, 7));
            $envelope['payload'] = base64_encode($changed);
            self::assertRefused($case, json_encode($envelope, JSON_THROW_ON_ERROR));
        }
    }

    /**
     * @dataProvider valid
     *
     * @param array<string, mixed> $case
     */
    public function testNoBytesMakeTheVerifierThrow(array $case): void
    {
        mt_srand(7);
        for ($i = 0; $i < self::CHANGES; ++$i) {
            $receipt = self::damaged($case['receipt']);
            $proof = isset($case['proof']) ? self::damaged($case['proof']) : null;
            $changed = ['receipt' => $receipt, 'proof' => $proof] + $case;
            try {
                $changed['cards'] = array_map(self::damaged(...), $case['cards'] ?? []);
                self::assertNotNull(Verifier::verify(ReceiptVectorsTest::evidence($changed))->verdict);
                $changed['trusted_nodes'] = self::damaged($case['trusted_nodes'] ?? '#');
                ReceiptVectorsTest::evidence($changed);
            } catch (MalformedException $refused) {
                self::assertStringStartsWith('trust file', $refused->getMessage());
            }
        }
    }

    public function testAReceiptThatIsLegacyForOneAndV2ForAnotherIsNeither(): void
    {
        $case = VectorFile::cases('receipt')['valid-each'];
        $both = rtrim($case['receipt'], "}\n") . ',"version":"0.1"}';
        self::assertSame(Verdict::Malformed, Verifier::verify(new Evidence($both))->verdict);
    }

    /** @param array<string, mixed> $case */
    private static function assertRefused(array $case, string $receipt): void
    {
        $verdict = Verifier::verify(ReceiptVectorsTest::evidence(['receipt' => $receipt] + $case))->verdict;
        self::assertNotSame(0, $verdict->exitStatus(), $receipt);
    }

    private static function damaged(string $bytes): string
    {
        $at = mt_rand(0, max(0, strlen($bytes) - 1));

        return match (mt_rand(0, 3)) {
            0 => substr($bytes, 0, $at),
            1 => substr($bytes, 0, $at) . chr(mt_rand(0, 255)) . substr($bytes, $at + 1),
            2 => substr($bytes, 0, $at) . substr($bytes, $at, 40) . substr($bytes, $at),
            default => substr($bytes, 0, $at) . substr($bytes, $at + mt_rand(1, 9)),
        };
    }
}
