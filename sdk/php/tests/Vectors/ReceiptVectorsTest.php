<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Encoding\Moment;
use Plasm\Keys\PublicKey;
use Plasm\Log\Policy;
use Plasm\Trust\Trust;
use Plasm\Verify\Evidence;
use Plasm\Verify\Verifier;

final class ReceiptVectorsTest extends TestCase
{
    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        return VectorFile::provide('receipt');
    }

    /** @param array<string, mixed> $case */
    public static function evidence(array $case): Evidence
    {
        $policy = VectorFile::take($case, 'policy');
        $hashed = static fn (string $data): string => hash('sha256', (string) base64_decode($data, true));

        return new Evidence(
            receipt: (string) VectorFile::take($case, 'receipt'),
            proof: VectorFile::take($case, 'proof'),
            key: isset($case['key']) ? PublicKey::fromHex($case['key']) : null,
            trust: Trust::fromText(VectorFile::take($case, 'trusted_nodes') ?? '', $case['cards'] ?? []),
            policy: $policy === null ? null : Policy::parse($policy),
            manifest: VectorFile::take($case, 'manifest'),
            nonce: $case['nonce'] ?? null,
            outputs: array_map($hashed, $case['outputs'] ?? []),
            now: Moment::parse($case['now']),
        );
    }

    /**
     * @dataProvider cases
     *
     * @param array<string, mixed> $case
     */
    public function testFindsTheVerdict(array $case): void
    {
        $verification = Verifier::verify(self::evidence($case));
        self::assertSame($case['verdict'], $verification->verdict->value, $case['why'] . "\n" . $verification->reason);
        self::assertSame($verification->reason === '', $verification->verdict->exitStatus() === 0);
    }
}
