using CnnService.Studio.Parts;

namespace CnnService.Studio.Tests.Parts;

public class CallTextTests
{
    private static readonly ServiceCall Train =
        new("POST", "train", "await client.TrainAsync(request);", Json: "{ \"dataset\": \"pets\" }");

    [Fact]
    public void Write_Curl_IsACommand() => Assert.Equal(
        "curl -X POST 'http://localhost:5000/train' \\\n  -H 'X-Api-Key: YOUR_KEY' \\\n  -H 'Content-Type: application/json' \\\n"
        + "  -d '{ \"dataset\": \"pets\" }'",
        CallText.Write(Train, CallLanguage.Curl, "http://localhost:5000", hasKey: true));

    [Fact]
    public void Write_PythonWithFile_SendsIt() => Assert.Contains(
        "files={\"files\": open(\"cat.jpg\", \"rb\")}",
        CallText.Write(new("POST", "classify", "", File: "cat.jpg", FileField: "files"), CallLanguage.Python, "http://x", hasKey: false),
        StringComparison.Ordinal);

    [Fact]
    public void Write_CSharp_ConnectsAndCalls()
    {
        var text = CallText.Write(Train, CallLanguage.CSharp, "http://localhost:5000", hasKey: false);
        Assert.Contains("Address = new Uri(\"http://localhost:5000\")", text, StringComparison.Ordinal);
        Assert.EndsWith("await client.TrainAsync(request);", text, StringComparison.Ordinal);
    }
}
