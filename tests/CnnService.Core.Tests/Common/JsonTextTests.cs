using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""{"name":"\ud800"}""", "name", "must be text of whole characters", "(line 1, byte 9)")]
    [InlineData("""{"name":"\udc00\ud800"}""", "name", "must be text of whole characters", "(line 1, byte 9)")]
    [InlineData("""{"list":[1,["a","\uD83Dx"]]}""", "list[1][1]", "must be text of whole characters", "(line 1, byte 17)")]
    [InlineData("""{"a":"\u0000"}""", "a", "U+0000", "(line 1, byte 6)")]
    [InlineData("""{"a":{"\ud800":1}}""", "a.?", "must have a name of whole characters", "(line 1, byte 7)")]
    [InlineData("""{"a":1,"b":2,"a":3}""", "a", "must be given once", "(line 1, byte 14)")]
    [InlineData("""{"a":1,"\u0061":3}""", "a", "must be given once", "(line 1, byte 8)")]
    [InlineData("[{\n\"a\": {\"b\": 1,\n  \"b\": 2}}]", "[0].a.b", "must be given once", "(line 3, byte 3)")]
    public void Parse_TextThatIsNone_NamesThePlace(string json, string path, string rule, string place)
    {
        var problem = JsonText.Parse(Encoding.UTF8.GetBytes(json)).Problem!;

        Assert.Equal(("request.malformed", ProblemKind.Invalid), (problem.Code, problem.Kind));
        var (where, rules) = Assert.Single(problem.Errors);
        Assert.Equal(path, where);
        Assert.Contains(rule, Assert.Single(rules), StringComparison.Ordinal);
        Assert.EndsWith(place, rules[0], StringComparison.Ordinal);
        Assert.Contains(place, problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, "0xFF")]
    [InlineData(new byte[] { 0xC3 }, "0xC3")]
    [InlineData(new byte[] { 0xC0, 0xAF }, "0xC0")] // An overlong slash.
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "0xED")] // Half of a surrogate pair.
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "0xF4")] // Above U+10FFFF.
    public void Parse_BytesThatAreNotUtf8_NamesTheFirst(byte[] odd, string shown)
    {
        byte[] json = [.. "{\"a\":1,\n\"b\":[\"x"u8, .. odd, .. "\"]}"u8];

        var (where, rules) = Assert.Single(JsonText.Parse(json).Problem!.Errors);

        Assert.Equal("b[0]", where);
        Assert.Equal($"must be UTF-8, received the byte {shown} (line 2, byte 8)", Assert.Single(rules));
    }

    [Theory]
    [InlineData("""{"a":""", "(line 1, byte 6): it ends before it is complete.")]
    [InlineData("{\n\"a\":tru}", "(line 2, byte 8).")]
    [InlineData("", "(line 1, byte 1): it ends before it is complete.")]
    [InlineData("""{"a":1}x""", "(line 1, byte 8).")]
    public void Parse_BrokenSyntax_NamesLineAndByte(string json, string place) =>
        Assert.EndsWith(place, JsonText.Parse(Encoding.UTF8.GetBytes(json)).Problem!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("'{\"name\":\"pets\"}'", "(line 1, byte 1)")] // cmd.exe takes single quotes for part of the text.
    [InlineData("{'name':'pets'}", "(line 1, byte 2)")]
    [InlineData("{\"name\":\n 'pets'}", "(line 2, byte 2)")]
    [InlineData("{name:pets}", "(line 1, byte 2)")] // PowerShell takes the double quotes away.
    [InlineData("{\"name\":\"pets\", epochs:3}", "(line 1, byte 17)")]
    public void Parse_WithoutDoubleQuotes_TellsWhereTheyBelong(string json, string place)
    {
        var detail = JsonText.Parse(Encoding.UTF8.GetBytes(json)).Problem!.Detail;

        Assert.Contains($"{place}: names and texts stand in double quotes", detail, StringComparison.Ordinal);
        Assert.Contains("""-d '{"name": "pets"}'""", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" { "a" : [ "\ud83d\ude00", "\\ud800", "é", "\u00e9\u0001", null ] } """)]
    [InlineData("""[{"a":1},{"a":2}]""")]
    [InlineData("\uFEFF{\"a\":1}")]
    public void Parse_SoundText_IsTheDocument(string json)
    {
        using var document = JsonText.Parse(Encoding.UTF8.GetBytes(json)).Value;
        Assert.Equal(json.Trim('\uFEFF', ' '), document.RootElement.GetRawText());
    }

    [Fact]
    public void Parse_Depth_IsBoundedAt64()
    {
        Assert.True(JsonText.Parse(Nested(64)).Succeeded);
        var (where, rules) = Assert.Single(JsonText.Parse(Nested(65)).Problem!.Errors);
        Assert.StartsWith("must be at most 64 levels deep", Assert.Single(rules), StringComparison.Ordinal);
        Assert.Equal(string.Concat(Enumerable.Repeat("[0]", 64)), where);

        static byte[] Nested(int levels) => Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));
    }

    [Fact]
    public void Parse_MoreValuesThanAllowed_NamesTheLimit()
    {
        Assert.True(JsonText.Parse("[1,2,3]"u8.ToArray(), maxValues: 4).Succeeded);
        var (where, rules) = Assert.Single(JsonText.Parse("[1,2,3]"u8.ToArray(), maxValues: 3).Problem!.Errors);
        Assert.Equal("[2]", where);
        Assert.StartsWith("must be within the first 3 values", Assert.Single(rules), StringComparison.Ordinal);
    }
}
