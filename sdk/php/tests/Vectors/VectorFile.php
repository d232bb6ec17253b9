<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

/** The cases of a file in spec/vectors. */
final class VectorFile
{
    public static function folder(): string
    {
        return getenv('PLASM_VECTORS') ?: dirname(__DIR__, 4) . '/spec/vectors';
    }

    /** @return array<string, array<string, mixed>> by name */
    public static function cases(string $name): array
    {
        $text = (string) file_get_contents(self::folder() . "/$name.json");
        $file = json_decode($text, true, 64, JSON_THROW_ON_ERROR);
        $cases = [];
        foreach ($file['cases'] as $case) {
            $cases[$case['name']] = $case;
        }

        return $cases;
    }

    /** @param list<string>|null $kinds
     * @return iterable<string, array{array<string, mixed>}> for PHPUnit
     */
    public static function provide(string $name, ?array $kinds = null): iterable
    {
        foreach (self::cases($name) as $case) {
            if ($kinds === null || in_array($case['kind'], $kinds, true)) {
                yield $case['name'] => [$case];
            }
        }
    }

    /** An input that is there as text or as base64; null when it is not there.
     * @param array<string, mixed> $case
     */
    public static function take(array $case, string $name): ?string
    {
        if (isset($case["{$name}_base64"])) {
            return (string) base64_decode($case["{$name}_base64"], true);
        }

        return $case[$name] ?? null;
    }
}
