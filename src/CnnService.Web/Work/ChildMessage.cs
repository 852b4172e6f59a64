using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Work;

/// <summary>A message from the training process to the service: one line of JSON, prefixed with <see cref="Mark"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ChildStarted), "started")]
[JsonDerivedType(typeof(ChildStep), "step")]
[JsonDerivedType(typeof(ChildEpoch), "epoch")]
[JsonDerivedType(typeof(ChildPart), "part")]
[JsonDerivedType(typeof(ChildCheckpoint), "checkpoint")]
[JsonDerivedType(typeof(ChildLog), "log")]
[JsonDerivedType(typeof(ChildFailed), "failed")]
[JsonDerivedType(typeof(ChildCancelled), "cancelled")]
[JsonDerivedType(typeof(ChildCompleted), "completed")]
internal abstract record ChildMessage
{
    /// <summary>Distinguishes messages from what native libraries print.</summary>
    private const string Mark = "@cnn ";

    public string ToLine() => Mark + JsonSerializer.Serialize(this, CoreJson.Options);

    /// <summary>Parses a line; null if it is not a message.</summary>
    public static ChildMessage? Parse(string line) => line.StartsWith(Mark, StringComparison.Ordinal)
        ? JsonSerializer.Deserialize<ChildMessage>(line[Mark.Length..], CoreJson.Options)
        : null;
}

internal sealed record ChildStarted(string Device, Precision Precision, int ResumedEpoch) : ChildMessage;

internal sealed record ChildStep(StepProgress Progress) : ChildMessage;

internal sealed record ChildPart(PartProgress Progress) : ChildMessage;

internal sealed record ChildEpoch(EpochMetrics Metrics) : ChildMessage;

internal sealed record ChildCheckpoint(int Epoch, int Step) : ChildMessage;

internal sealed record ChildLog(string Message) : ChildMessage;

internal sealed record ChildFailed(Problem Problem) : ChildMessage;

internal sealed record ChildCancelled : ChildMessage;

internal sealed record ChildCompleted : ChildMessage;
