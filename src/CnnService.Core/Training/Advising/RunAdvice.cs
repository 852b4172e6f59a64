namespace CnnService.Core.Training.Advising;

/// <summary>What a person may do about a run, and why.</summary>
/// <param name="Code">Stable, for programs: <c>training.overfitting</c>.</param>
/// <param name="Advice">What to do, in plain words.</param>
/// <param name="Evidence">The figures that speak for it.</param>
/// <param name="Epoch">Where it began, from 1; null where it has no such place.</param>
public sealed record RunAdvice(string Code, string Advice, string Evidence, int? Epoch = null);
