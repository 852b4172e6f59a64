using System.Globalization;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Inference;

/// <summary>
/// /v2 of a version that was imported from a file whose names are those of other inputs and outputs here: the file's come first.
/// </summary>
public sealed class FileNamesTests : IAsyncLifetime
{
    private const int Area = RedOrBlue.Side * RedOrBlue.Side;

    private readonly CnnServiceApplication _service = new();

    /// <summary>Its input is named as image files are, its further output, the means of red and blue, as the scores are.</summary>
    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours", change: manifest => manifest with
    {
        FileInput = new("image", IsChannelsLast: true, IsBytes: false),
        Import = new("onnx", 3, 2, null, [])
        {
            FileOutputs = [new("answer", [2], true, "probabilities"), new("logits", [2], false, "pool"), new("lost", [7], false, null)],
        },
    });

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Metadata_ListsTheNamesOfTheFile_AndOursApart()
    {
        var json = await _service.GetJsonAsync("v2/models/colours");

        Assert.Equal("""[{"name":"image","datatype":"FP32","shape":[-1,32,32,3]}]""", json.GetProperty("inputs").GetRawText());
        Assert.Equal(["input", "pixels", "cnnservice_image"], Names(json.GetProperty("alternative_inputs")));
        Assert.Equal(["answer", "logits"], Names(json.GetProperty("outputs")));
        Assert.Equal(["probabilities", "cnnservice_logits"], Names(json.GetProperty("alternative_outputs")));
    }

    [Fact]
    public async Task Config_TellsTheLayoutOfTheFile()
    {
        var json = await _service.GetJsonAsync("v2/models/colours/config");

        Assert.Equal("""[{"name":"image","data_type":"TYPE_FP32","format":"FORMAT_NHWC","dims":[32,32,3]}]""",
            json.GetProperty("input").GetRawText());
        Assert.Equal(["answer", "logits"], Names(json.GetProperty("output")));
    }

    [Fact]
    public async Task Infer_ByTheNamesOfTheFile_GivesItsOutputs()
    {
        // Of the first image, the upper half is red and half as blue; the second is blue.
        var first = Enumerable.Range(0, Area).SelectMany(place => place < Area / 2 ? new[] { 1, 0, 0.5 } : [0, 0, 0]);
        var second = Enumerable.Range(0, Area).SelectMany(_ => new[] { 0, 0, 1.0 });
        var json = await InferAsync("image", "FP32", "[2,32,32,3]", first.Concat(second), outputs: null);

        Assert.Equal(["answer", "logits"], Names(json));
        Assert.Equal([0.5, 0.25, 0, 1], Values(json[1]));
        Assert.Equal(1 / (1 + Math.Exp(-RedOrBlue.Gain * 0.25)), Values(json[0])[0], 1e-6);
    }

    [Fact]
    public async Task Infer_ByOurNames_GivesOurs()
    {
        var planes = Enumerable.Range(0, 3 * Area).Select(place => place < Area ? 1.0 : 0);
        var json = await InferAsync("input", "FP32", "[1,3,32,32]", planes, """["probabilities","cnnservice_logits","pool"]""");

        Assert.Equal(["probabilities", "cnnservice_logits", "pool"], Names(json));
        Assert.Equal([RedOrBlue.Gain, 0, 1, 0], [.. Values(json[1]), .. Values(json[2])]);
    }

    [Fact]
    public async Task Infer_ByAnUnknownName_IsToldAllNames()
    {
        using var answer = await PostAsync("planes", "FP32", "[1]", [0], outputs: null);

        Assert.Contains("it takes image, input, pixels or cnnservice_image",
            (await CnnServiceApplication.JsonAsync(answer)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Names(JsonElement list) =>
        list.EnumerateArray().Select(item => item.GetProperty("name").GetString());

    private static double[] Values(JsonElement output) =>
        [.. output.GetProperty("data").EnumerateArray().Select(value => value.GetDouble())];

    private async Task<JsonElement> InferAsync(string name, string datatype, string shape, IEnumerable<double> values, string? outputs)
    {
        using var answer = await PostAsync(name, datatype, shape, values, outputs);
        var json = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        return json.GetProperty("outputs");
    }

    private async Task<HttpResponseMessage> PostAsync(
        string name, string datatype, string shape, IEnumerable<double> values, string? outputs)
    {
        var data = string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        var wanted = outputs is null ? "[]"
            : $"[{string.Join(',', JsonSerializer.Deserialize<string[]>(outputs)!.Select(output => $"{{\"name\":\"{output}\"}}"))}]";
        using var body = new StringContent(
            $$"""{"inputs":[{"name":"{{name}}","shape":{{shape}},"datatype":"{{datatype}}","data":[{{data}}]}],"outputs":{{wanted}}}""");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative("v2/models/colours/infer"), body);
    }
}
