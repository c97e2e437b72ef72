"""Which facts do logs, reports and bills of materials show?"""
