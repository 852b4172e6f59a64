using CnnService.Studio.Pages.Try;

namespace CnnService.Studio.Tests.Pages.Try;

public sealed class ReadyCallsTests
{
    private static readonly Uri Service = new("http://127.0.0.1:5000/");

    [Fact]
    public void Of_Version_AsksForExactlyIt()
    {
        var calls = ReadyCalls.Of(Service, "pets", 3, needsKey: false);

        Assert.Equal(["curl", "C#", "Python", "JavaScript"], calls.Select(call => call.Language));
        Assert.Contains("'http://127.0.0.1:5000/classify?model=pets:3'", calls[0].Code, StringComparison.Ordinal);
        Assert.Contains("client.ClassifyImageAsync(image, \"pets:3\")", calls[1].Code, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:5000/v2/models/pets/versions/3/infer", calls[2].Code, StringComparison.Ordinal);
        Assert.Contains("/classify?model=pets:3\"", calls[3].Code, StringComparison.Ordinal);
        Assert.All(calls, call => Assert.DoesNotContain("Key", call.Code, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Of_ServiceWithKeys_SendsOneEverywhere() => Assert.All(
        ReadyCalls.Of(Service, "pets", 3, needsKey: true),
        call => Assert.Contains(call.Language == "C#" ? "ApiKey = key" : "X-Api-Key", call.Code, StringComparison.Ordinal));
}
