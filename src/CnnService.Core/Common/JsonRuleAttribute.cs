namespace CnnService.Core.Common;

/// <summary>The JSON form of a value, for error messages. On a property it takes precedence over its type's.</summary>
/// <param name="rule">Such as "must be a whole number or [height, width]".</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class | AttributeTargets.Property)]
internal sealed class JsonRuleAttribute(string rule) : Attribute
{
    public string Rule => rule;
}
