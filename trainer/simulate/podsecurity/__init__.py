"""Does a Pod meet a level of the Pod Security Standards, and what does admission do about it?

Start with `levels`: the Pod, a level and a version in, what keeps the Pod from it out. `controls` has a
function for each control. `admission` says what the labels of a Namespace mean for an object.
"""
