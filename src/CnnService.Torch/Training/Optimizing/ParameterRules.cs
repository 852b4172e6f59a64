namespace CnnService.Torch.Training.Optimizing;

/// <summary>What single parameters have of their own.</summary>
/// <param name="Penalties">L2 factors by the parameter's name; those that are not named have none.</param>
/// <param name="RateFactors">Factors of the learning rate by layer; those that are not named learn at the rate itself.</param>
internal sealed record ParameterRules(IReadOnlyDictionary<string, double> Penalties, IReadOnlyDictionary<string, double> RateFactors)
{
    internal static ParameterRules None { get; } = new(new Dictionary<string, double>(), new Dictionary<string, double>());

    internal double PenaltyOf(string parameter) => Penalties.GetValueOrDefault(parameter);

    internal double FactorOf(string parameter) => RateFactors.GetValueOrDefault(parameter[..parameter.LastIndexOf('.')], 1);
}
