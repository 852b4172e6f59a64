using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Tests.Common;

public sealed class JsonFieldsTests
{
    [Theory]
    [InlineData("[]", "$", "must be an object, received []")]
    [InlineData("{}", "name", "must be given")]
    [InlineData("""{"name":null}""", "name", "must be text, received null")]
    [InlineData("""{"name":"a","name":"b"}""", "name", "must be given once")]
    [InlineData("""{"name":"a","count":1.5}""", "count", "must be a whole number, received 1.5")]
    [InlineData("""{"name":"a","count":null}""", "count", "must be a whole number, received null")]
    [InlineData("""{"name":"a","split":"tset"}""", "split", "must be one of train, validation, test, received \"tset\"")]
    [InlineData("""{"name":"a","means":["x"]}""", "means", "must be a list of numbers, received [\"x\"]")]
    [InlineData("""{"name":"a","factors":[1]}""", "factors", "must be an object of names and numbers, received [1]")]
    [InlineData("""{"name":"a","side":"wide"}""", "side", "must be a side, received \"wide\"")]
    [InlineData("""{"name":"a","inner":{"depth":"deep"}}""", "inner.depth", "must be a whole number, received \"deep\"")]
    [InlineData("""{"name":"a","inner":{}}""", "inner.depth", "must be given")]
    [InlineData("""{"name":"a","inner":7}""", "inner", "must be an object, received 7")]
    [InlineData("""{"name":"a","own":"odd"}""", "own.word", "must be even")]
    [InlineData("""{"name":"a","coutn":1}""", "coutn",
        "is not a field here; did you mean count? The fields are name, count, split, means, factors, side, inner, own, rest")]
    [InlineData("""{"name":"a","zzz":1}""", "zzz",
        "is not a field here; the fields are name, count, split, means, factors, side, inner, own, rest")]
    [InlineData("""{"name":"a","\ud800":1}""", "?",
        "is not a field here; the fields are name, count, split, means, factors, side, inner, own, rest")]
    public void Read_BrokenRule_IsToldUnderItsPath(string json, string path, string rule)
    {
        var errors = new ValidationErrors();

        JsonFieldReader.Read<Body>(Json(json), errors);

        var (where, rules) = Assert.Single(errors.ToDictionary());
        Assert.Equal((path, rule), (where, Assert.Single(rules)));
    }

    [Fact]
    public void Read_FaultyFields_LeavesThemAtTheirDefaultsAndReadsTheRest()
    {
        var errors = new ValidationErrors();

        var body = JsonFieldReader.Read<Body>(
            Json("""{"name":"a","count":"x","split":"test","inner":{"depth":3},"own":"even","rest":{"a":1,"a":2}}"""), errors)!;

        Assert.Equal(["count"], errors.ToDictionary().Keys);
        Assert.Equal((5, Split.Test, 3, "even"), (body.Count, body.Split, body.Inner!.Depth, body.Own!.Word));
        Assert.Equal("""{"a":1,"a":2}""", body.Rest!.Value.GetRawText());
    }

    [Fact]
    public void Read_WithoutARequiredField_IsNull()
    {
        var errors = new ValidationErrors();
        Assert.Null(JsonFieldReader.Read<Body>(Json("""{"name":7,"count":"x"}"""), errors, "base"));
        Assert.Equal(["base.count", "base.name"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void ReadRequest_OwnRules_AreToldWithTheFields()
    {
        var read = JsonFieldReader.ReadRequest<Body>(Json("""{"name":"a","count":"x"}"""),
            (body, errors) => errors.Require(body.Name.Length > 1, "name", "must be longer"));

        Assert.Equal(["count", "name"], read.Problem!.Errors.Keys);
        Assert.Equal("a", JsonFieldReader.ReadRequest<Body>(Json("""{"name":"a"}""")).Value.Name);
    }

    [Fact]
    public void Parse_TextThatIsNoJson_IsAFault()
    {
        var errors = new ValidationErrors();
        Assert.Null(
            JsonFieldReader.Parse("{"u8.ToArray(), errors.At("preprocessing"), (json, found) => JsonFieldReader.Read<Body>(json, found)));
        Assert.StartsWith("must be JSON: ", errors.ToDictionary()["preprocessing"][0], StringComparison.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private sealed record Body
    {
        public required string Name { get; init; }

        public int Count { get; init; } = 5;

        public Split Split { get; init; }

        public IReadOnlyList<double>? Means { get; init; }

        public IReadOnlyDictionary<string, double>? Factors { get; init; }

        [JsonRule("must be a side")]
        public int? Side { get; init; }

        public Inner? Inner { get; init; }

        public Own? Own { get; init; }

        public JsonElement? Rest { get; init; }
    }

    private sealed record Inner
    {
        public required int Depth { get; init; }
    }

    private sealed record Own(string Word) : IJsonReadable<Own>
    {
        public static Own? Read(JsonElement json, ValidationErrors errors) =>
            errors.Require(json.GetString() == "even", "word", "must be even") ? new(json.GetString()!) : null;
    }
}
