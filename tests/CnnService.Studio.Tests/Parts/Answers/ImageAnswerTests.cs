using System.Net;
using System.Text.Json;
using Bunit;
using CnnService.Client;
using CnnService.Studio.Parts.Answers;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Tests.Service;

namespace CnnService.Studio.Tests.Parts.Answers;

/// <summary>An image that may have any number of labels, asked of a version out of a list, which has no thresholds.</summary>
public sealed class ImageAnswerTests : IAsyncDisposable
{
    private const string Version = """
        {"model":"m","version":1,"classes":["cat","tame"],"architecture":"custom","input":[32,32,3],
         "preprocessing":{"normalization":"rescale","scale":1,"mean":[0,0,0],"std":[1,1,1],"channelOrder":"rgb"},"files":[],
         "links":{},"createdAt":"2026-01-01T00:00:00Z"THRESHOLDS}
        """;

    private static readonly ModelVersionResource Listed =
        JsonSerializer.Deserialize<ModelVersionResource>(Version.Replace("THRESHOLDS", "", StringComparison.Ordinal))!;

    private readonly StudioContext _page;

    public ImageAnswerTests() => _page = new(new ScriptedService(Answer).Connect());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Answer_OfAMultiLabelVersion_MarksWhatEachClassNeeds()
    {
        var answer = _page.Render<ImageAnswer>(parameters => parameters
            .Add(part => part.Version, Listed)
            .Add(part => part.Image, new ChosenImage("x", null, [1])));

        answer.WaitForAssertion(() => Assert.Equal("tame", answer.Find("[data-testid=label]").TextContent), StudioContext.Limit);
        Assert.Equal(
            ["left:30%", "left:75%"], answer.FindAll(".track .limit").Select(mark => mark.GetAttribute("style")).Order());
    }

    private static (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path) => (HttpStatusCode.OK,
        path.Contains("/classify", StringComparison.Ordinal)
            ? """
                {"model":"m","version":1,"timing":{"decodeMs":1,"queueMs":1,"inferenceMs":1,"batchSize":1,"device":"cpu"},
                 "results":[{"file":"x","label":"cat","probability":0.7,
                 "top":[{"label":"cat","probability":0.7},{"label":"tame","probability":0.4}],
                 "labels":[{"label":"tame","probability":0.4}]}]}
                """
            : Version.Replace("THRESHOLDS", ""","thresholds":{"cat":0.75,"tame":0.3}""", StringComparison.Ordinal));
}
