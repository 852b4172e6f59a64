using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public class TrainingEndTests
{
    private static readonly string Plan = JsonSerializer.Serialize(SomePlan.Create(batchSize: 48), CoreJson.Options);

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
