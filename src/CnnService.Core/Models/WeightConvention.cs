namespace CnnService.Core.Models;

/// <summary>Naming and layout of the tensors in a weights file.</summary>
public enum WeightConvention
{
    /// <summary>
    /// This service's own: <c>{layer}.weight</c>, <c>.bias</c>, <c>.running_mean</c>, <c>.running_var</c> by the network's layer names.
    /// </summary>
    Own,

    /// <summary>
    /// Module paths of PyTorch (torchvision, timm), same layout as this service: kernels <c>[out,in/groups,h,w]</c>, dense
    /// <c>[out,in]</c>.
    /// </summary>
    PyTorch,

    /// <summary>
    /// Layer names of Keras; kernels <c>[h,w,in/groups,out]</c>, dense <c>[in,out]</c>, maps flattened as
    /// <c>[H,W,C]</c>.
    /// </summary>
    Keras,
}
