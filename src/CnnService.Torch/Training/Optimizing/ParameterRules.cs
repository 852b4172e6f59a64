namespace CnnService.Torch.Training.Optimizing;

/// <summary>Settings of individual parameters.</summary>
/// <param name="Penalties">L2 factors by parameter name; 0 for parameters not listed.</param>
/// <param name="RateFactors">Learning rate factors by layer name; 1 for layers not listed.</param>
internal sealed record ParameterRules(IReadOnlyDictionary<string, double> Penalties, IReadOnlyDictionary<string, double> RateFactors)
{
    internal static ParameterRules None { get; } = new(new Dictionary<string, double>(), new Dictionary<string, double>());

    internal double PenaltyOf(string parameter) => Penalties.GetValueOrDefault(parameter);

    internal double FactorOf(string parameter) => RateFactors.GetValueOrDefault(parameter[..parameter.LastIndexOf('.')], 1);
}
