<?php

declare(strict_types=1);

namespace Plasm\Tests\Attacks;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Json\JsonInteger;
use Plasm\Json\JsonLimits;
use Plasm\Json\JsonObject;
use Plasm\Json\JsonParser;
use Plasm\Json\Node;

/** What json_decode() would take, or take for something else. */
final class JsonTest extends TestCase
{
    /** @return iterable<string, array{string}> */
    public static function refused(): iterable
    {
        yield 'a fraction' => ['1.0'];
        yield 'zero with a fraction' => ['0.0'];
        yield 'an exponent' => ['1e2'];
        yield 'an exponent in upper case' => ['1E2'];
        yield 'minus zero' => ['-0'];
        yield 'minus zero in a list' => ['[-0]'];
        yield 'a leading zero' => ['01'];
        yield 'a plus' => ['+1'];
        yield 'hex' => ['0x10'];
        yield 'a minus alone' => ['-'];
        yield '2^64' => ['18446744073709551616'];
        yield '-2^63 - 1' => ['-9223372036854775809'];
        yield 'a number of 400 digits' => [str_repeat('9', 400)];
        yield 'NaN' => ['NaN'];
        yield 'a name twice' => ['{"a":1,"a":1}'];
        yield 'a name twice by an escape' => ['{"a":1,"\u0061":1}'];
        yield 'a name of digits twice' => ['{"1":1,"1":2}'];
        yield 'a name twice, deep down' => ['[{"x":{"a":1,"b":2,"a":3}}]'];
        yield 'a lone high surrogate' => ['"\ud800"'];
        yield 'a lone low surrogate' => ['"\udc00"'];
        yield 'surrogates swapped' => ['"\udc00\ud800"'];
        yield 'two high surrogates' => ['"\ud800\ud800"'];
        yield 'a high surrogate and text' => ['"\ud800u"'];
        yield 'a surrogate in UTF-8' => ["\"\xED\xA0\x80\""];
        yield 'an overlong form' => ["\"\xC0\x80\""];
        yield 'a byte order mark' => ["\xEF\xBB\xBF1"];
        yield 'a NUL behind the value' => ["1\0"];
        yield 'text behind the value' => ['{} {}'];
        yield 'a comma at the end' => ['[1,]'];
        yield 'a comma at the end of an object' => ['{"a":1,}'];
        yield 'single quotes' => ["{'a':1}"];
        yield 'a name without quotes' => ['{a:1}'];
        yield 'a comment' => ['/* */1'];
        yield 'a raw line feed in a string' => ["\"\n\""];
        yield 'a raw NUL in a string' => ["\"\0\""];
        yield 'an unknown escape' => ['"\x41"'];
        yield 'half an escape' => ['"\u00'];
        yield 'an escape with a sign' => ['"\u+041"'];
        yield 'a string that does not end' => ['"a'];
        yield 'True' => ['True'];
        yield 'truex' => ['truex'];
        yield 'a form feed as a blank' => ["\f1"];
        yield 'a no-break space as a blank' => ["\u{A0}1"];
        yield 'nothing' => [''];
        yield 'blanks' => [" \n"];
        yield '17 deep' => [str_repeat('[', 17) . str_repeat(']', 17)];
        yield 'a hundred thousand deep' => [str_repeat('[', 100_000)];
        yield 'objects that deep' => [str_repeat('{"a":', 100_000)];
        yield 'more values than are allowed' => ['[' . str_repeat('1,', 1000) . '1]'];
        yield 'more bytes than are allowed' => ['"' . str_repeat('a', 1 << 20) . '"'];
    }

    /** @dataProvider refused */
    public function testRefuses(string $text): void
    {
        $this->expectException(MalformedException::class);
        self::parse($text);
    }

    public function testKeepsIntegersToTheLastDigit(): void
    {
        foreach (['9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551615',
            '-9223372036854775808', '0', '-1'] as $digits) {
            $value = self::parse($digits);
            self::assertInstanceOf(JsonInteger::class, $value);
            self::assertSame($digits, $value->decimal);
        }
        self::assertNull((new JsonInteger('9223372036854775808'))->toInt());
        self::assertSame(PHP_INT_MIN, (new JsonInteger('-9223372036854775808'))->toInt());
    }

    public function testReadsWhatIsAllowed(): void
    {
        $text = ' {"a" : [ true , false,null, "\u00e9\ud83d\ude00\/\"\\\\\b\f\n\r\t" ] , "" : {} , "1" : -7 } ';
        $value = self::parse($text);
        self::assertInstanceOf(JsonObject::class, $value);
        self::assertSame(['a', '', '1'], $value->names());
        self::assertSame([true, false, null, "é😀/\"\\\x08\f\n\r\t"], $value->get('a'));
        self::assertSame(16, substr_count(json_encode(self::parse(str_repeat('[', 16) . str_repeat(']', 16))) ?: '', '['));
    }

    /** @return iterable<string, array{string}> */
    public static function notTheNumberOne(): iterable
    {
        foreach (['"1"', 'true', 'null', '[1]', '{"1":1}', '"1e0"', '2', '18446744073709551615'] as $text) {
            yield $text => [$text];
        }
    }

    /** @dataProvider notTheNumberOne */
    public function testNothingElsePassesForTheNumberOne(string $text): void
    {
        $this->expectException(MalformedException::class);
        Node::parse($text, 'x', new JsonLimits(100))->integer(1, 1);
    }

    /** @return iterable<string, array{string}> */
    public static function notTheDecimalHundred(): iterable
    {
        foreach (['100', '"1e2"', '"0100"', '" 100"', '"100\n"', '"+100"', '"1E2"', '"0x64"', 'true', 'null',
            '"１００"', '""', '"-0"', '"18446744073709551616"'] as $text) {
            yield $text => [$text];
        }
    }

    /** @dataProvider notTheDecimalHundred */
    public function testNothingElsePassesForADecimalString(string $text): void
    {
        $this->expectException(MalformedException::class);
        Node::parse($text, 'x', new JsonLimits(100))->decimal();
    }

    /** @return iterable<string, array{string}> */
    public static function notTrue(): iterable
    {
        foreach (['1', '"true"', '"1"', '[]', '{}', 'null'] as $text) {
            yield $text => [$text];
        }
    }

    /** @dataProvider notTrue */
    public function testNothingElsePassesForTrueOrFalse(string $text): void
    {
        $this->expectException(MalformedException::class);
        Node::parse($text, 'x', new JsonLimits(100))->boolean();
    }

    private static function parse(string $text): mixed
    {
        return JsonParser::parse($text, 'text', new JsonLimits(1 << 20, values: 1000));
    }
}
