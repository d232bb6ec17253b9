<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\ApiException;
use Plasm\Exception\ConflictException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\InternalException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Response;
use Plasm\Remote\Problem;

final class ProblemTest extends TestCase
{
    /** @return list<string> the codes of spec/openapi.yaml */
    private static function codes(): array
    {
        $text = (string) file_get_contents(dirname(__DIR__, 4) . '/spec/openapi.yaml');
        self::assertSame(1, preg_match('/enum: \[(invalid, [a-z_, ]+)\]/', $text, $match));

        return explode(', ', $match[1]);
    }

    public function testEachCodeOfTheApiHasAnExceptionOfItsOwn(): void
    {
        $classes = [];
        foreach (self::codes() as $code) {
            $problem = self::problem($code);
            self::assertSame($code, $problem->apiCode());
            self::assertSame(400, $problem->status);
            self::assertStringContainsString('what happened', $problem->getMessage());
            $classes[] = $problem::class;
        }
        self::assertCount(9, array_unique($classes));
    }

    public function testNamesTheBlobsThatAreMissing(): void
    {
        $digest = str_repeat('ab', 32);
        $problem = self::problem('conflict', ['missing' => [$digest]]);
        self::assertInstanceOf(ConflictException::class, $problem);
        self::assertSame([$digest], $problem->missing);
    }

    public function testWithoutADocumentTheStatusDecides(): void
    {
        self::assertInstanceOf(DeniedException::class, Problem::of(new Response(403, [], '<html>'), 'n'));
        self::assertInstanceOf(UnavailableException::class, Problem::of(new Response(502, [], ''), 'n'));
        self::assertInstanceOf(InternalException::class, Problem::of(new Response(500, [], '{}'), 'n'));
    }

    public function testTextOfTheNodeIsHarmlessToATerminal(): void
    {
        $problem = self::problem('invalid', ['detail' => "\e]0;title\x07what happened"]);
        self::assertStringNotContainsString("\e", $problem->getMessage());
    }

    public function testSomebodyUnknownIsToldWhatToDo(): void
    {
        $body = '{"code":"denied","detail":"who are you"}';
        self::assertStringContainsString('plasmd client add', Problem::of(new Response(401, [], $body), 'n')->getMessage());
    }

    /** @param array<string, mixed> $members */
    private static function problem(string $code, array $members = []): ApiException
    {
        $document = $members + ['type' => 'about:blank', 'title' => 't', 'status' => 400, 'code' => $code,
            'detail' => 'what happened'];

        return Problem::of(new Response(400, [], json_encode($document, JSON_THROW_ON_ERROR)), 'node');
    }
}
