namespace CnnService.Core.Common;

/// <summary>What JSON a value is written as, for the message where something else was sent; on a field it goes before its type's.</summary>
/// <param name="rule">"must be a whole number or [height, width]".</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class | AttributeTargets.Property)]
internal sealed class JsonRuleAttribute(string rule) : Attribute
{
    public string Rule => rule;
}
