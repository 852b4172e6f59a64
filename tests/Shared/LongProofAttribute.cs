using Xunit.v3;

namespace CnnService.Tests.Shared;

/// <summary>A proof that takes long and whose subject shorter tests touch too: <c>tests/run.sh all</c> runs it, <c>tests/run.sh</c> leaves
/// it out.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LongProofAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Proof", "long")];
}
