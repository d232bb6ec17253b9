<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Encoding\Moment;
use Plasm\Exception\MalformedException;
use Plasm\Trust\TrustedNode;
use Plasm\Trust\TrustFile;

final class TrustVectorsTest extends TestCase
{
    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        return VectorFile::provide('trust');
    }

    /**
     * @dataProvider cases
     *
     * @param array<string, mixed> $case
     */
    public function testReadsOrRefusesTheFile(array $case): void
    {
        if (!$case['valid']) {
            $this->expectException(MalformedException::class);
        }
        $nodes = TrustFile::parse((string) VectorFile::take($case, 'file'));
        self::assertSame(array_map(self::expected(...), $case['entries']), array_map(self::found(...), $nodes));
    }

    /**
     * @param array<string, mixed> $entry
     *
     * @return array<string, mixed>
     */
    private static function expected(array $entry): array
    {
        $revoked = [];
        foreach ($entry['revoked'] as $revocation) {
            $revoked[$revocation['key']] = Moment::parse($revocation['at'])?->milliseconds;
        }

        return ['name' => $entry['name'], 'identity' => $entry['identity'], 'level' => $entry['level'],
            'card' => $entry['card'] ?? null, 'operator' => $entry['operator'] ?? null, 'revoked' => $revoked];
    }

    /** @return array<string, mixed> */
    private static function found(TrustedNode $node): array
    {
        return ['name' => $node->name, 'identity' => $node->identity->hex(), 'level' => $node->level,
            'card' => $node->cardVersion, 'operator' => $node->operator,
            'revoked' => array_map(static fn (Moment $at): int => $at->milliseconds, $node->revoked)];
    }
}
