using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public class TrainingEndTests
{
    private const string Plan = """
        {"runId":"r","datasetFolder":"/none","dataset":"pets","datasetDigest":"0","classes":["cats","dogs"],"architecture":"custom",
         "network":{"input":{"height":8,"width":8,"channels":1},"layers":[{"type":"flatten"},{"type":"dense"}]},
         "preprocessing":{"normalization":"rescale","scale":1,"mean":[0],"std":[1]},"batchSize":48}
        """;

    [Fact]
    public void Explain_LastWordsOfNativeCodeWithoutMemory_AreTheProblemAndNotACrash()
    {
        var end = TrainingEnd.Explain(
            "terminate called after throwing an instance of 'c10::OutOfMemoryError'\n  what():  CUDA out of memory. Tried to allocate it.",
            Plan);

        Assert.Equal((TrainingEndKind.Failed, "training.out-of-memory"), (end!.Kind, end.Problem!.Code));
        Assert.Contains("A step of 48 images", end.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Segmentation fault")]
    public void Explain_OtherLastWords_TellNothing(string words) => Assert.Null(TrainingEnd.Explain(words, Plan));
}
