using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>Result for one image.</summary>
/// <param name="DecodeTime">Time to decode the file.</param>
/// <param name="Answer">Class probabilities of the network.</param>
/// <param name="Prediction">The probabilities ranked.</param>
public sealed record ClassifiedImage(TimeSpan DecodeTime, Outcome<ClassProbabilities> Answer, Outcome<Prediction> Prediction);
